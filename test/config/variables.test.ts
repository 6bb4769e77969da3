import { describe, expect, test } from "vitest";
import { load, problemsOf } from "./loading.ts";

const route = (text: string): string => `
routes:
  - name: all
    on: "*"
    to: [{ sink: team, channel: "#all", text: ${JSON.stringify(text)} }]
`;
const base = "sources: { cal: {} }\nsinks: { team: { type: chat, token: tok-1 } }\n";

async function filled(text: string, env: Record<string, string> = {}, files: Record<string, string> = {}) {
  const { config } = await load(base + route(text), { env, files });
  const tree = config?.routes[0]?.targets[0]?.tree;
  return typeof tree === "object" && tree !== null && !Array.isArray(tree) ? tree["text"] : undefined;
}

describe("a variable", () => {
  test("stands anywhere in a text, and several times", async () => {
    expect(await filled("<${A}> and ${B:-else} and ${A}", { A: "one" })).toBe("<one> and else and one");
  });

  test("that is set but empty counts as not set", async () => {
    expect(await filled("${A:-default}", { A: "" })).toBe("default");
  });

  test("may default to nothing", async () => {
    expect(await filled("[${A:-}]")).toBe("[]");
  });

  test("keeps what YAML would trip over, and everything that looks like a replacement pattern", async () => {
    expect(await filled("${A}", { A: "a # b: c\n- $& $1 ${B}" })).toBe("a # b: c\n- $& $1 ${B}");
  });

  test("can be a file, whose last line break is dropped", async () => {
    expect(await filled("${file:/run/a}", {}, { "/run/a": "one\ntwo\n" })).toBe("one\ntwo");
  });

  test("that names a file with a relative path starts from the configuration's folder", async () => {
    expect(await filled("${file:secrets/a}", {}, { "/etc/relay/secrets/a": "one" })).toBe("one");
  });

  test("is written out as $${…}", async () => {
    expect(await filled("$${A} ${A}", { A: "one" })).toBe("${A} one");
  });

  test("does not clash with a dollar sign before Liquid", async () => {
    const text = "${{ booking.price }} ${% if booking.price %}paid{% endif %} {{ booking.price | append: '$' }}";
    expect(await filled(text)).toBe(text);
  });

  test("is not looked up on Object's prototype", async () => {
    expect(await problemsOf(base + route("${constructor}"))).toEqual([
      expect.stringContaining("constructor is not set"),
    ]);
  });
});

test("a text that is one variable becomes the number or boolean that is wanted", async () => {
  const { config } = await load(
    `
server: { port: "\${PORT:-8081}" }
sources: { cal: {} }
sinks: { team: { type: chat, token: "\${TOKEN}", pageSize: "\${SIZE}", allowPrivateNetwork: "\${PRIVATE}", concurrency: "\${AT_ONCE}" } }
routes:
  - name: all
    on: "*"
    to: [{ sink: team, channel: "\${CHANNEL}", text: "\${SIZE}", unfurl: "\${PRIVATE}", row: { Size: "\${SIZE}" } }]
    final: \${PRIVATE}
`,
    { env: { TOKEN: "tok-12345", SIZE: "50", PRIVATE: "true", AT_ONCE: "7", CHANNEL: "12345" } },
  );
  expect(config?.server.port).toBe(8081);
  expect(config?.sinks[0]).toMatchObject({
    concurrency: 7,
    connection: { token: "tok-12345", pageSize: 50, allowPrivateNetwork: true },
  });
  expect(config?.routes[0]).toMatchObject({
    final: true,
    targets: [{ tree: { channel: "12345", text: "50", unfurl: true, row: { Size: "50" } } }],
  });
});

const twoSinks = (optional: string): string => `
sources: { cal: {} }
sinks: { team: { type: chat, token: "\${TOKEN}", optional: ${optional} }, more: { type: chat, token: tok-2, optional: true } }
routes:
  - name: all
    on: "*"
    to:
      - { sink: team, channel: "\${CHANNEL}", text: "\${file:/run/text}" }
      - { sink: more, channel: "#all", text: hello }
`;

describe("an optional sink", () => {
  test("runs dry without its variables, those of its targets included", async () => {
    const { config, problems } = await load(twoSinks("true"));
    expect(problems).toEqual([]);
    expect(config?.sinks).toMatchObject([
      { name: "team", connection: null, missing: ["TOKEN", "CHANNEL", "file:/run/text"] },
      { name: "more", connection: { token: "tok-2" }, missing: [] },
    ]);
    expect(config?.routes[0]?.targets[0]?.tree).toEqual({ channel: "${CHANNEL}", text: "${file:/run/text}" });
  });

  test("runs for real with them", async () => {
    const { config } = await load(twoSinks("true"), {
      env: { TOKEN: "tok-1", CHANNEL: "#all" },
      files: { "/run/text": "hi" },
    });
    expect(config?.sinks[0]).toMatchObject({ connection: { token: "tok-1" }, missing: [] });
  });

  test("can be made so by a variable", async () => {
    const surroundings = { env: { OPTIONAL: "true" } };
    expect((await load(twoSinks('"${OPTIONAL:-false}"'), surroundings)).problems).toEqual([]);
    expect((await load(twoSinks('"${OPTIONAL:-false}"'))).problems).toHaveLength(3);
  });
});

test("a secret may be left out by an empty default, to have one generated", async () => {
  const { config, problems } = await load('sources: { cal: { secret: "${SECRET:-}" } }\nroutes: []');
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(config?.sources[0]?.secrets).toEqual([]);
});
