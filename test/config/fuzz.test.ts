import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  jsonValue,
  nat,
  oneof,
  record,
  string,
} from "fast-check";
import { stringify } from "yaml";
import { expect, test } from "vitest";
import { load } from "./loading.ts";

const valid = `
server: { port: "\${PORT:-8080}", bodyLimit: 1MiB }
defaults: { timeZone: UTC, locale: en, retry: { first: 5s, max: 6h, for: 3d } }
sources: { cal: { secret: "\${SECRET:-abc}", signature: required, dedupe: 24h } }
sinks:
  team: &team { type: chat, token: tok-1, optional: true, rate: 50/min, timeout: 20s, retry: { for: 1d } }
  more: { <<: *team, token: "\${TOKEN}" }
routes:
  - name: all
    on: [BOOKING_CREATED, "MEETING_*"]
    from: cal
    filter: { booking.type: 60min, $or: [{ booking.price: { $gt: 0 } }, { trigger: { $in: [BOOKING_PAID] } }] }
    to:
      - { sink: team, channel: "#all", text: "{{ booking.title | upcase }}", row: { One: 1 } }
      - sink: more
        channel: "#all"
        text: |
          {% if booking.price %}paid{% endif %}
`;

const env = { TOKEN: "tok-canary", SECRET: "canary {{ | % }}" };

/** Whether a text gives either a Config or errors, each of them in the file, in words, and without what variables hold. */
async function hasAnswer(text: string): Promise<boolean> {
  const { config, problems } = await load(text, { env });
  const lines = text.split("\n").length;
  const isInFile = problems.every(({ line, column }) => line >= 1 && line <= lines && column >= 1);
  const hasErrors = problems.some(({ severity }) => severity === "error");
  const isSafe = problems.every(({ message }) => message !== "" && !message.includes("canary"));
  return isInFile && isSafe && (config === null) === hasErrors;
}

test("the file to be damaged is valid", async () => {
  expect((await load(valid, { env })).problems).toEqual([]);
});

test("any text gets an answer", async () => {
  const mark = constantFrom(
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "-",
    "&a",
    "*a",
    "!",
    "|",
    ">",
    "'",
    '"',
    "%",
    "#",
    " ",
    "\n",
    "\t",
    "$",
  );
  const text = oneof(
    string(),
    string({ unit: "binary" }),
    array(mark).map((marks) => marks.join("")),
  );
  await expect(assert(asyncProperty(text, hasAnswer), { numRuns: 300 })).resolves.toBeUndefined();
});

test("any damage to a valid file gets an answer", async () => {
  const marks = constantFrom(
    "${",
    "}",
    "{{",
    "{%",
    "*",
    "<<: ",
    "null",
    ": ",
    "\n",
    "\n  ",
    "- ",
    "[",
    "]",
    "1e999",
    "__proto__: 1",
  );
  const damage = record({ at: nat(valid.length), cut: nat(20), put: oneof(string({ maxLength: 5 }), marks) });
  const text = array(damage, { minLength: 1, maxLength: 4 }).map((all) =>
    all.reduce((whole, { at, cut, put }) => whole.slice(0, at) + put + whole.slice(at + cut), valid),
  );
  await expect(assert(asyncProperty(text, hasAnswer), { numRuns: 400 })).resolves.toBeUndefined();
});

test("any data gets an answer, wherever in the file it stands", async () => {
  const section = constantFrom("server", "storage", "retention", "defaults", "plugins", "sources", "sinks", "routes");
  const key = constantFrom(
    "name",
    "on",
    "from",
    "filter",
    "to",
    "sink",
    "type",
    "token",
    "text",
    "secret",
    "cal",
    "team",
  );
  const leaf = jsonValue({ maxDepth: 1 });
  const mapping = dictionary(key, oneof(leaf, array(dictionary(key, leaf), { maxLength: 2 })), { maxKeys: 4 });
  const file = dictionary(
    section,
    oneof(leaf, mapping, dictionary(key, mapping, { maxKeys: 3 }), array(mapping, { maxLength: 3 })),
  );
  await expect(
    assert(
      asyncProperty(file, (data) => hasAnswer(stringify(data))),
      { numRuns: 400 },
    ),
  ).resolves.toBeUndefined();
});
