import { expect, test } from "vitest";
import { sameInBooking } from "../../src/cal/booking-fields.ts";
import { either, list, mapping, NUMBER, TEXT, type Field } from "../../src/cal/field.ts";
import { EVENT_FIELDS, payloadField } from "../../src/cal/fields.ts";
import { readBody } from "../../src/cal/read.ts";
import { sample, sampleEvent, sampleNames } from "../../src/cal/samples.ts";
import { TRIGGERS } from "../../src/cal/triggers.ts";
import type { Json } from "../../src/event.ts";

const bodies = sampleNames.filter((name) => !name.startsWith("TEMPLATE"));

test.each(bodies)("every field of %s is known, with its type", (name) => {
  const { trigger, payload } = readBody(sample(name));
  expect(unknownIn(payload, payloadField(trigger ?? ""), "payload")).toEqual([]);
  const { booking } = sampleEvent(name);
  const plain: Json = JSON.parse(JSON.stringify(booking));
  expect(unknownIn(plain, EVENT_FIELDS.booking, "booking")).toEqual([]);
});

test.each(bodies)("what is said to be the same in the booking is the same in %s", (name) => {
  const { payload, booking } = sampleEvent(name);
  const fields = Object.entries(payload as Record<string, Json>).filter(([, value]) => value !== null);
  const same = fields.flatMap(([field, value]) => {
    const path = sameInBooking(["payload", field]);
    return path === null ? [] : [{ field, value: instant(value), booking: instant(at({ booking }, path)) }];
  });
  expect(same.filter((one) => one.value !== one.booking && !NOT_THERE.has(`${name}.${one.field}`))).toEqual([]);
});

// What recordings call a type is the title again.
const NOT_THERE = new Set(["RECORDING_READY.type", "RECORDING_TRANSCRIPTION_GENERATED.type", "PING.type"]);

test("an unknown trigger's payload can be anything", () => {
  expect(payloadField("SOMETHING_NEW").isAnything).toBe(true);
  expect(payloadField("toString").isAnything).toBe(true);
  expect(TRIGGERS.filter((trigger) => payloadField(trigger).isAnything)).toEqual([]);
});

test("of alternatives, a place can be any", () => {
  const one = mapping({ a: TEXT, b: list(TEXT) });
  const other = mapping({ a: NUMBER, b: list(mapping({ c: TEXT })) });
  expect(either(one, other)).toEqual(
    mapping({
      a: { types: ["text", "number"] },
      b: list({ types: ["text"], fields: { c: TEXT } }),
    }),
  );
  expect(either(list(TEXT), NUMBER)).toEqual({ types: ["number"], entries: TEXT });
});

function unknownIn(value: Json | undefined, field: Field | undefined, path: string): string[] {
  if (field === undefined) return [path];
  if (field.isAnything || value === null || value === undefined) return [];
  if (Array.isArray(value))
    return value.flatMap((entry, index) => unknownIn(entry, field.entries, `${path}[${index}]`));
  if (typeof value === "object")
    return Object.entries(value).flatMap(([name, inner]) =>
      unknownIn(inner, field.fields?.[name] ?? field.others, `${path}.${name}`),
    );
  const type = typeof value === "string" ? "text" : (typeof value as "number" | "boolean");
  return field.types.includes(type) ? [] : [`${path} is ${type}`];
}

function at(root: object, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, name) => Object.getOwnPropertyDescriptor(Object(value), name)?.value, root);
}

/** Times in one spelling. */
function instant(value: unknown): unknown {
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value).toISOString() : value;
}
