import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { builtInSinks } from "../../plugins/index.ts";
import { TRIGGERS } from "../../src/cal/triggers.ts";
import { jsonSchema } from "../../src/config/json-schema.ts";
import { chat, load } from "./loading.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const builtIn = jsonSchema(builtInSinks);

test("the file that editors read is the one that `schema` prints", () => {
  expect(read("config/relay.schema.json")).toBe(`${JSON.stringify(builtIn, null, 2)}\n`);
});

describe("finds no mistake in", () => {
  const mistakesIn = checker(builtIn);

  test("the configuration that comes with the relay", () => {
    expect(mistakesIn(parse(read("relay.config.yaml")))).toEqual([]);
  });

  const pages = ["README.md", ...builtInSinks.map(({ type }) => `plugins/${type}/README.md`)];

  test.for(pages)("the examples of %s", (page) => {
    const examples = [...read(page).matchAll(/```yaml\n([^]*?)```/g)].map(([, block = ""]): unknown => parse(block));
    expect(examples).not.toEqual([]);
    for (const example of examples) {
      const routes = [{ name: "example", on: "*", to: example }];
      // A list shows targets, and most others only sinks and routes.
      const file = Array.isArray(example) ? { routes } : (example as object);
      expect(mistakesIn({ sources: { cal: {} }, ...file })).toEqual([]);
    }
  });
});

describe("of a file that `check` refuses", () => {
  const mistakesIn = checker(jsonSchema([chat]));

  test.for([
    ["unknown-keys", ["", "server", "sources/cal", "sinks/team", "sinks/team/retry", "routes/0", "routes/0/to/0"]],
    ["missing-keys", ["sinks/team", "sinks/other", "routes/0", "routes/0/to/0", "routes/0/to/1", "routes/1"]],
    ["unknown-references", ["sinks/team-chat/type", "sinks/other/type"]],
    ["routes-as-a-mapping", ["sources", "sinks", "routes"]],
    ["wrong-names", ["sources", "sinks", "routes/0/name"]],
    ["wrong-units", ["server/bodyLimit", "retention", "sources/cal/dedupe", "sinks/team/rate", "sinks/more/rate"]],
    ["wrong-filter", ["routes/0/filter/payload.type", "routes/1/filter"]],
    ["wrong-triggers", ["routes/0/on/1", "routes/0/on/2", "routes/0/on/4", "routes/0/on/6", "routes/1/on"]],
    ["other-database", ["storage"]],
    ["optional-sink-with-mistakes", ["sinks/team", "sinks/team/pageSize", "routes/0/to/0/onUpdate"]],
    ["wrong-types", ["server/port", "plugins", "sinks/team/optional", "sinks/team/breaker", "routes/0/on", "routes/1"]],
    ["wrong-messages", ["channel", "unfurl", "blocks/0/type", "row/Two"].map((key) => `routes/0/to/0/${key}`)],
  ] as const)("%s: knows the places of the mistakes", ([name, places]) => {
    const file: unknown = parse(read(`test/config/fixtures/${name}.config`));
    expect(mistakesIn(file)).toEqual(expect.arrayContaining([...places]));
  });

  test("finds nothing that `check` does not: values in variables and templates", async () => {
    const text = `
server: { port: "\${PORT:-80}", shutdownGrace: "\${GRACE:-5s}" }
storage:
sources: { cal: , other: { dedupe: "\${DEDUPE:-1h}" } }
sinks: { team: { type: chat, token: "\${TOKEN:-tok-1}", optional: "\${DRY:-true}", pageSize: "\${PAGE:-5}" } }
routes:
  - name: all
    on: [BOOKING_*, SOMETHING_NEW, "\${TRIGGER:-FORM_SUBMITTED}"]
    filter: { $or: [{ payload.type: 60min }, { booking.minutes: { $gt: 5, $not: { $in: [7, 9] } } }], event.source: cal }
    to:
      - { sink: team, channel: "{{ answers.channel }}", text: "{{ booking.title }}", unfurl: "{{ booking.price == 0 }}" }
      - { sink: team, channel: "\${CHANNEL:-#all}", text: hi, blocks: "{{ answers.blocks }}", row: "{{ answers }}" }
      - { sink: team, channel: "#all", text: hi, blocks: [{ type: "{{ 'divider' }}", any: 1 }], row: { A: "{{ 1 }}" } }
`;
    expect((await load(text)).problems.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(mistakesIn(parse(text))).toEqual([]);
  });
});

test("a plugin's schemas may have alternatives and contain themselves", () => {
  const key = z.strictObject({ key: z.string() });
  const login = z.strictObject({ user: z.string(), port: z.int().optional() });
  const tree = z.strictObject({
    name: z.string(),
    get parts() {
      return z.array(tree).optional();
    },
  });
  const forest = { ...chat, type: "forest", connection: z.union([key, login]), message: z.strictObject({ tree }) };
  const mistakesIn = checker(jsonSchema([chat, forest]));
  const file = (sink: object, message: object): object => ({
    sources: { cal: {} },
    sinks: { woods: { type: "forest", ...sink } },
    routes: [{ name: "all", on: "*", to: [{ sink: "woods", ...message }] }],
  });
  const grown = { tree: { name: "oak", parts: [{ name: "twig", parts: "{{ answers.parts }}" }] } };
  const withered = { tree: { name: "oak", parts: [{ nam: "twig" }] } };
  expect(mistakesIn(file({ user: "jo", port: "${PORT}", rate: "1/s" }, grown))).toEqual([]);
  expect(mistakesIn(file({ key: "x", user: "jo" }, grown))).toContain("sinks/woods");
  expect(mistakesIn(file({ key: "x" }, withered))).toContain("routes/0/to/0/tree/parts/0");
});

test("completes the keys of every sink's targets", () => {
  const routes = JSON.stringify(builtIn.properties?.["routes"]);
  expect(routes).toMatch(/"items":\{"type":"object","properties":\{"sink":\{\},"channel":\{\}.*"spreadsheet":\{\}/);
});

test("completes triggers and the starts that several share", () => {
  const on = JSON.stringify(builtIn.properties?.["routes"]);
  for (const trigger of [...TRIGGERS, "*", "BOOKING_*", "MEETING_*"]) expect(on).toContain(`"${trigger}"`);
  expect(on).not.toContain("ROUTING_*");
});

/** Where in a file the schema finds mistakes: `routes/0/on`, once or more for each. */
function checker(schema: object): (file: unknown) => string[] {
  const validate = new Ajv({
    allErrors: true,
    strictTypes: false,
    formats: { uri: (text: string) => URL.canParse(text) },
  }).compile(schema);
  return (file) => {
    validate(file);
    return (validate.errors ?? []).map(({ instancePath }) => instancePath.slice(1));
  };
}

function read(file: string): string {
  return readFileSync(`${root}${file}`, "utf8");
}
