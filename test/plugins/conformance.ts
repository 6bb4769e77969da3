import { describe, expect, test } from "vitest";
import { z } from "zod";
import { openSink } from "../../src/sdk/testing/open-sink.ts";
import { httpPromises } from "./conformance-http.ts";
import { bench, type SinkSubject } from "./conformance-subject.ts";

export type { Outcome, SinkSubject } from "./conformance-subject.ts";

/** Every promise of a sink, as tests. Call it once in a test file; with `start` the promises of a sink that speaks HTTP are added. */
export function sinkConformance(name: string, subject: SinkSubject): void {
  describe(`${name} keeps the promises of a sink`, () => {
    descriptionPromises(subject);
    deliveryPromises(subject);
    if (subject.start !== undefined) httpPromises(subject);
  });
}

function descriptionPromises(subject: SinkSubject): void {
  const { plugin } = subject;

  test("has a type and a title", () => {
    expect(plugin.type).toMatch(/^[a-z0-9-]+$/);
    expect(plugin.title).not.toBe("");
  });

  test("describes every field of its connection and of its message", () => {
    const fields = [...fieldsOf(plugin.connection), ...fieldsOf(plugin.message)];
    expect(fields.filter(({ description }) => description === undefined)).toEqual([]);
  });

  test("names as secrets only keys of its connection", () => {
    const known = fieldsOf(plugin.connection).map((field) => field.name);
    expect(plugin.secrets.filter((key) => !known.includes(key))).toEqual([]);
  });

  test("refuses an unknown key in its connection and in its message", () => {
    const given = [subject.connection("http://127.0.0.1:9"), subject.message("mark")];
    const parsed = [plugin.connection, plugin.message].map((schema, at) =>
      schema.safeParse({ ...Object(given[at]), anUnknownKey: 1 }),
    );
    expect(parsed.map(({ error }) => error?.issues.map((issue) => issue.code))).toEqual([
      ["unrecognized_keys"],
      ["unrecognized_keys"],
    ]);
  });
}

function deliveryPromises(subject: SinkSubject): void {
  test("delivers a message", async () => {
    const { attempt } = await bench(subject);
    expect(await attempt()).toMatchObject({ outcome: "delivered" });
  });

  test("gives a receipt that the ledger can keep", async () => {
    const { attempt } = await bench(subject);
    const { receipt } = await attempt();
    expect(JSON.parse(JSON.stringify(receipt ?? {}))).toEqual(receipt ?? {});
  });

  test("accepts a delivery that may have arrived before", async () => {
    const { attempt } = await bench(subject);
    await attempt("mark", { id: "dlv_again" });
    const again = await attempt("mark", { id: "dlv_again", attempt: 2, maybeDelivered: true });
    expect(again).toMatchObject({ outcome: "delivered" });
  });

  test("writes nothing when the signal is aborted before the start", async () => {
    const { attempt, writes } = await bench(subject);
    expect(await attempt("mark", { signal: AbortSignal.abort() })).toMatchObject({ outcome: "unavailable" });
    expect(writes()).toEqual([]);
  });

  test("delivers after a try that was aborted", async () => {
    const { attempt } = await bench(subject);
    await attempt("mark1", { signal: AbortSignal.abort() });
    expect(await attempt("mark2")).toMatchObject({ outcome: "delivered" });
  });

  test("delivers many messages of different bookings at once", async () => {
    const { attempt } = await bench(subject);
    const attempts = await Promise.all(marks.map((mark) => attempt(mark, { id: `dlv_${mark}`, bookingKey: mark })));
    expect(attempts.map(({ outcome }) => outcome)).toEqual(marks.map(() => "delivered"));
  });

  test("finds nothing to mend where all is well", async () => {
    const { sink, writes } = await bench(subject);
    expect(await sink.check(subject.message("mark"))).toEqual([]);
    expect(writes()).toEqual([]);
  });

  test("closes after a delivery, and before the first", async () => {
    const { attempt, sink } = await bench(subject);
    await attempt();
    await expect(sink.close()).resolves.toBeUndefined();
    const unused = await openSink(subject.plugin, subject.connection("http://127.0.0.1:9"));
    await expect(unused.close()).resolves.toBeUndefined();
  });
}

const marks = ["mark1", "mark2", "mark3", "mark4", "mark5"];

interface Field {
  readonly name: string;
  readonly description: string | undefined;
}

const shape = z.looseObject({
  properties: z.record(z.string(), z.looseObject({ description: z.string().optional() })).default({}),
});

function fieldsOf(schema: z.ZodType): Field[] {
  const { properties } = shape.parse(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
  return Object.entries(properties).map(([name, { description }]) => ({ name, description }));
}
