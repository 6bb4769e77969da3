import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { JsonSchema } from "../../src/config/json-schema-stand-ins.ts";
import { suiteJsonSchema } from "../../src/suite/json-schema.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const schema = suiteJsonSchema();
const validate = new Ajv({ allErrors: true, strictTypes: false }).compile(schema);

/** Where the schema finds mistakes. */
function mistakesIn(suite: unknown): string[] {
  validate(suite);
  return (validate.errors ?? []).map(({ instancePath }) => instancePath.slice(1));
}

test("the file that editors read is the one that `schema --suite` prints", () => {
  expect(readFileSync(`${root}config/relay-test.schema.json`, "utf8")).toBe(`${JSON.stringify(schema, null, 2)}\n`);
});

test.for(globSync(["*.test.yaml", "config/recipes/*.test.yaml"], { cwd: root }))("finds no mistake in %s", (file) => {
  expect(mistakesIn(parse(readFileSync(`${root}${file}`, "utf8")))).toEqual([]);
});

test("finds mistakes of shape", () => {
  const wrong = {
    env: { "NO-NAME": "x" },
    now: "yesterday",
    tests: [
      { name: "one", events: [{ event: "PING", after: "1 hour", expect: { status: "ok", route: [] } }] },
      { name: "two", events: [{ event: "PING", expect: { messages: { a: "present", b: { text: { $regx: "x" } } } } }] },
    ],
  };
  expect(mistakesIn(wrong)).toEqual(
    expect.arrayContaining([
      "env",
      "now",
      "tests/0/events/0/after",
      "tests/0/events/0/expect/status",
      "tests/0/events/0/expect",
      "tests/1/events/0/expect/messages/a",
      "tests/1/events/0/expect/messages/b/text",
    ]),
  );
});

test("describes every key, and completes the events there are", () => {
  expect(undescribed(schema, "")).toEqual([]);
  expect(JSON.stringify(schema)).toContain('"BOOKING_CREATED.seat"');
});

/** The keys of a schema without a description. */
function undescribed({ properties = {}, items, additionalProperties }: JsonSchema, path: string): string[] {
  const inner = [
    ...(items === undefined || Array.isArray(items) ? [] : [items]),
    ...(typeof additionalProperties === "object" ? [additionalProperties] : []),
  ];
  return [
    ...Object.entries(properties).flatMap(([key, one]) => [
      ...(one.description === undefined ? [`${path}/${key}`] : []),
      ...undescribed(one, `${path}/${key}`),
    ]),
    ...inner.flatMap((one) => undescribed(one, path)),
  ];
}
