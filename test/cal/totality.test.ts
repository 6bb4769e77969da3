import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../src/event.ts";
import { completeBooking } from "../../src/cal/known.ts";
import { readBody } from "../../src/cal/read.ts";
import { sample, sampleNames } from "../../src/cal/samples.ts";
import { PING, TRIGGERS } from "../../src/cal/triggers.ts";
import { damage } from "./vary.ts";

const at = "2026-11-23T09:00:00.000Z";
const anyText = fc.string({ unit: "binary", maxLength: 200 });
const anyJson = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

const jsonSamples = sampleNames.filter((name) => sample(name).startsWith("{"));

/** A sample with some of its values, anywhere, replaced by anything. */
const damaged = fc
  .record({ name: fc.constantFrom(...jsonSamples), value: anyJson, nth: fc.integer({ min: 2, max: 60 }) })
  .map(({ name, value, nth }) => JSON.stringify(damage(JSON.parse(sample(name)) as Json, nth, value)));

const enveloped = fc
  .record({ triggerEvent: fc.constantFrom(...TRIGGERS, PING, "UNKNOWN"), createdAt: anyJson, payload: anyJson })
  .map((body) => JSON.stringify(body));

const bodies = fc.oneof(
  anyText,
  anyJson.map((value) => JSON.stringify(value)),
  enveloped,
  damaged,
);

test("any body is read, and what is read can be stored", () => {
  fc.assert(
    fc.property(bodies, (body) => {
      const reading = readBody(body);
      expect(JSON.parse(JSON.stringify(reading.said))).toEqual(reading.said);
      for (const key of reading.duplicateKeys) expect(key).toMatch(/^[\w.:-]{1,64}:[\w-]{1,32}$/);
      expect(readBody(body)).toEqual(reading);
    }),
    { numRuns: 500 },
  );
});

test("any event completes with anything known, and what it leaves can be read again", () => {
  fc.assert(
    fc.property(bodies, bodies, anyJson, (one, other, kept) => {
      const first = completeBooking(readBody(one), "key", kept, at);
      const second = completeBooking(readBody(other), "key", first.known, at);
      expect(second.booking.key).toBe("key");
      expect(JSON.parse(JSON.stringify(second))).toEqual(second);
      expect(Object.keys(second.booking).toSorted()).toEqual(Object.keys(first.booking).toSorted());
    }),
    { numRuns: 500 },
  );
});

test("drift never holds a value", () => {
  const secret = "Canary7f3a";
  const wrong = fc.constantFrom<Json>(secret, [secret], { [`${secret}@example.org`]: secret }, { a: { b: [secret] } });
  fc.assert(
    fc.property(fc.constantFrom(...TRIGGERS, PING), wrong, fc.integer({ min: 2, max: 9 }), (name, value, nth) => {
      const parsed = JSON.parse(sample(name)) as { [key: string]: Json };
      const payload = damage(parsed["payload"] ?? parsed, nth, value);
      const { drift } = readBody(JSON.stringify({ triggerEvent: name, createdAt: at, payload }));
      expect(drift.join("\n")).not.toContain(secret);
    }),
  );
});
