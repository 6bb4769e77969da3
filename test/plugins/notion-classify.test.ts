import { inspect } from "node:util";
import { expect, test } from "vitest";
import notion from "../../plugins/notion/index.ts";
import type { SinkFetch } from "../../src/sdk/index.ts";
import { dataSource } from "../support/notion.ts";
import { openSink } from "../../src/sdk/testing/open-sink.ts";
import type { Misbehaviour } from "../../src/sdk/testing/stand-in.ts";
import { bench, isCreate, isSchema } from "./notion-bench.ts";

const message = { dataSource: dataSource.bookings, properties: { Name: "Intro call" } };

test.each([
  [400, "validation_error", { outcome: "rejected" }],
  [400, "invalid_json", { outcome: "rejected" }],
  [400, "invalid_request", { outcome: "rejected" }],
  [400, "invalid_request_url", { outcome: "rejected" }],
  [400, "missing_version", { outcome: "rejected" }],
  [401, "unauthorized", { outcome: "misconfigured" }],
  [403, "restricted_resource", { outcome: "misconfigured" }],
  [404, "object_not_found", { outcome: "rejected" }],
  [409, "conflict_error", { outcome: "unavailable", ambiguous: false }],
  [413, "a_future_code", { outcome: "rejected" }],
  [429, "rate_limited", { outcome: "rate-limited", retryAfter: 60 }],
  [500, "internal_server_error", { outcome: "unavailable", ambiguous: true }],
  [500, "database_connection_unavailable", { outcome: "unavailable", ambiguous: true }],
  [503, "service_unavailable", { outcome: "unavailable", ambiguous: true }],
  [504, "gateway_timeout", { outcome: "unavailable", ambiguous: true }],
  [529, "service_overload", { outcome: "rate-limited", retryAfter: 60 }],
  [529, "a_future_code", { outcome: "rate-limited", retryAfter: 60 }],
])("takes HTTP %i %s for %j", async (status, code, expected) => {
  const { vendor, sink } = await bench();
  vendor.misbehave(answer(status, JSON.stringify({ object: "error", status, code, message: "no" })), isCreate);
  await expect(sink.deliver(message)).rejects.toMatchObject({ ...expected, answer: { status } });
});

test.each([
  ["429 with a wait", answer(429, "", { "retry-after": "17" }), { outcome: "rate-limited", retryAfter: 17 }],
  ["503 with a wait", answer(503, "", { "retry-after": "5" }), { outcome: "rate-limited", retryAfter: 5 }],
  [
    "a page of the network edge",
    answer(403, "<html>", { "cf-ray": "8f" }),
    { outcome: "unavailable", ambiguous: false },
  ],
  [
    "403 of Notion itself",
    answer(403, "{}", { "x-notion-request-id": "r", "cf-ray": "8f" }),
    { outcome: "misconfigured" },
  ],
  ["a bad gateway's page", answer(502, "<html>"), { outcome: "unavailable", ambiguous: true }],
  ["a redirect", answer(302, "", { location: "https://example.com/" }), { outcome: "misconfigured" }],
  ["a page in place of an answer", answer(200, "<html>"), { outcome: "unavailable", ambiguous: true }],
  ["an answer without an id", answer(200, '{"object":"page"}'), { outcome: "unavailable", ambiguous: true }],
  ["a cut connection", { kind: "reset" }, { outcome: "unavailable", ambiguous: true }],
  ["an answer cut half-way", { kind: "truncate" }, { outcome: "unavailable", ambiguous: true }],
] as [string, Misbehaviour, object][])("takes %s for the right failure", async (_, how, expected) => {
  const { vendor, sink } = await bench();
  vendor.misbehave(how, isCreate);
  await expect(sink.deliver(message)).rejects.toMatchObject(expected);
});

test.each([
  ["500", answer(500, "")],
  ["a cut connection", { kind: "reset" }],
  ["a page in place of an answer", answer(200, "<html>")],
] as [string, Misbehaviour][])("knows that a failed read (%s) left nothing behind", async (_, how) => {
  const { vendor, sink } = await bench();
  vendor.misbehave(how, isSchema);
  await expect(sink.deliver(message)).rejects.toMatchObject({ outcome: "unavailable", ambiguous: false });
});

test("ends with the signal while the answer does not come", async () => {
  const { vendor, sink } = await bench();
  vendor.misbehave({ kind: "hang" }, isCreate);
  await expect(sink.deliver(message, { signal: AbortSignal.timeout(200) })).rejects.toMatchObject({
    outcome: "unavailable",
    ambiguous: true,
  });
});

test("reaches for private addresses only where apiUrl is given", async () => {
  const allowances: unknown[] = [];
  const fetch: SinkFetch = (_url, init) => {
    allowances.push(init?.allowPrivateNetwork);
    return Promise.reject(Object.assign(new TypeError("fetch failed"), { code: "ADDRESS_REFUSED" }));
  };
  for (const apiUrl of [undefined, "http://127.0.0.1:9"]) {
    const sink = await openSink(notion, { token: "ntn_exampleToken0000", ...(apiUrl && { apiUrl }) });
    await expect(sink.deliver(message, { fetch })).rejects.toMatchObject({ outcome: "misconfigured" });
    await sink.close();
  }
  expect(allowances).toEqual([false, true]);
});

test("keeps Notion's words but neither the token nor the properties", async () => {
  const { vendor, sink } = await bench();
  const body = { code: "validation_error", message: `bad ${vendor.token}`, properties: "jo@example.com" };
  vendor.misbehave(answer(400, JSON.stringify(body)), isCreate);
  const [settled] = await Promise.allSettled([sink.deliver(message)]);
  expect(settled).toHaveProperty("reason.answer", { status: 400, code: "validation_error", message: "bad •••" });
  expect(inspect([settled, sink.lines], { depth: 8 })).not.toMatch(/ntn_|jo@example/);
});

function answer(status: number, body: string, headers: Record<string, string> = {}): Misbehaviour {
  return { kind: "answer", status, body, headers };
}
