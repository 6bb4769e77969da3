import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { readBody } from "../../src/cal/read.ts";
import { chain, sample, sampleNames } from "../../src/cal/samples.ts";
import { payloadSchema } from "../../src/cal/schemas/index.ts";
import { isTrigger, NEVER_SENT, PING, TRIGGERS } from "../../src/cal/triggers.ts";

test.each(sampleNames)("%s fits the schema of its trigger", (name) => {
  const { trigger, drift } = readBody(sample(name));
  expect(drift).toEqual([]);
  expect(trigger).toBe(name.startsWith("TEMPLATE") ? readBody(sample(name)).trigger : name.split(".")[0]);
});

test("every trigger and PING has a sample and a schema", () => {
  for (const trigger of [...TRIGGERS, PING]) {
    expect(sampleNames).toContain(trigger);
    expect(payloadSchema(trigger)).toBeDefined();
  }
});

test("every file of the folder is listed once, and every body is compact", () => {
  const folder = new URL("../../src/cal/samples/", import.meta.url);
  const files = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
  const texts = ["TEMPLATE.form", "TEMPLATE.false"];
  expect(sampleNames.toSorted()).toEqual([...files, ...texts].toSorted());
  expect(sample("PING")).not.toMatch(/\n|": /);
});

test("an unknown sample is refused by name", () => {
  expect(() => sample("../triggers")).toThrow('no sample named "../triggers"');
});

test("the chain names each uid before, down to the first", () => {
  const identities = chain.map((name) => readBody(sample(name)).identity);
  const [first, second, third, last] = identities.map((identity) => identity?.uid);
  expect(new Set([first, second, third]).size).toBe(3);
  expect(last).toBe(third);
  expect(identities.map((identity) => identity?.previousUid)).toEqual([null, first, second, null]);
  expect(identities.map((identity) => identity?.rootUid)).toEqual([first, first, first, first]);
});

test("samples name nobody outside the domains kept for examples", () => {
  const addresses = sampleNames.flatMap((name) => sample(name).match(/[\w.+-]+@[\w.-]+/g) ?? []);
  expect(addresses.filter((one) => !/@(example\.(com|org)|Cal\.com)$/.test(one))).toEqual([]);
});

test("names that are never sent are told apart from triggers", () => {
  expect(TRIGGERS).toHaveLength(28);
  expect(new Set(TRIGGERS).size).toBe(28);
  expect(isTrigger("BOOKING_CREATED")).toBe(true);
  expect(isTrigger("toString")).toBe(false);
  expect(Object.keys(NEVER_SENT).filter(isTrigger)).toEqual([]);
  expect(NEVER_SENT["BOOKING_CONFIRMED"]).toContain("BOOKING_CREATED");
  expect(payloadSchema("BOOKING_CONFIRMED")).toBeUndefined();
  expect(payloadSchema("constructor")).toBeUndefined();
});

test("every field of every schema is described", () => {
  const undescribed = [...TRIGGERS, PING].flatMap((trigger) => {
    const schema = payloadSchema(trigger);
    return schema === undefined
      ? [trigger]
      : fieldsWithoutDescription(schema.toJSONSchema({ unrepresentable: "any" }), trigger);
  });
  expect(undescribed).toEqual([]);
});

function fieldsWithoutDescription(schema: unknown, path: string): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]: [string, unknown]) => {
    if (keyword !== "properties" || typeof value !== "object" || value === null)
      return fieldsWithoutDescription(value, path);
    return Object.entries(value).flatMap(([name, field]: [string, object]) => [
      ...("description" in field ? [] : [`${path}.${name}`]),
      ...fieldsWithoutDescription(field, `${path}.${name}`),
    ]);
  });
}
