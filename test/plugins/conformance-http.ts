import { expect, test } from "vitest";
import { httpFailure } from "../../src/sdk/index.ts";
import { freePort } from "../support/free-port.ts";
import type { Misbehaviour } from "../../src/sdk/testing/stand-in.ts";
import { bench, type Attempt, type Outcome, type SinkSubject } from "./conformance-subject.ts";

const REFUSALS = [301, 302, 307, 308, 400, 401, 403, 404, 408, 409, 410, 413, 422, 500, 502, 503, 504];

/** What a sink that speaks HTTP promises on top: one try a call, and the right failure for whatever comes back or does not. */
export function httpPromises(subject: SinkSubject): void {
  statusPromises(subject);
  waitPromises(subject);
  connectionPromises(subject);
  apartPromises(subject);
}

function statusPromises(subject: SinkSubject): void {
  test.each(REFUSALS)("ends the one try on HTTP %i with the right failure", async (status) => {
    const { attempt, vendor, writes, isWrite } = await bench(subject);
    const headers = { location: "/elsewhere" };
    vendor.misbehave({ kind: "answer", status, headers, body: '{"error":"it_failed"}' }, isWrite);
    const { outcome, failure } = await attempt();
    expect(outcome).toBe(expected(subject, status));
    expect(writes()).toHaveLength(1);
    expect(vendor.requests.map(({ path }) => path)).not.toContain("/elsewhere");
    expect(failure?.answer).toBeDefined();
  });

  test.each([500, 502, 504])("knows that a message may have arrived when HTTP %i came back", async (status) => {
    const { attempt, vendor, isWrite } = await bench(subject);
    vendor.misbehave({ kind: "answer-after", status, body: "upstream failed" }, isWrite);
    const { failure } = await attempt();
    expect(failure).toMatchObject({ outcome: "unavailable", ambiguous: true });
  });

  test.each([
    ["a page", "text/html", "<!doctype html><title>Welcome</title>"],
    ["JSON of another shape", "application/json", '{"unexpected":true}'],
    ["nothing", "application/json", ""],
  ])("does not take HTTP 200 with %s for more than it is", async (_what, type, body) => {
    const { attempt, vendor, writes, isWrite } = await bench(subject);
    vendor.misbehave({ kind: "answer", status: 200, headers: { "content-type": type }, body }, isWrite);
    expect(claim(await attempt())).toBe(subject.statuses?.[200] ?? "unknown");
    expect(writes()).toHaveLength(1);
  });
}

function waitPromises(subject: SinkSubject): void {
  test.each([429, 503])("waits as long as HTTP %i asks, in seconds or until a date", async (status) => {
    const { attempt, vendor, writes, isWrite } = await bench(subject);
    const date = new Date(Date.now() + 60_000).toUTCString();
    vendor.misbehave({ kind: "answer", status, headers: { "retry-after": "7" }, body: "{}" }, isWrite);
    vendor.misbehave({ kind: "answer", status, headers: { "retry-after": date }, body: "{}" }, isWrite);
    const [inSeconds, untilDate] = [await attempt("mark1"), await attempt("mark2")];
    expect(inSeconds.failure).toMatchObject({ outcome: expected(subject, status, "7"), retryAfter: 7 });
    expect(untilDate.failure).toHaveProperty("retryAfter", expect.closeTo(57, -1));
    expect(writes()).toHaveLength(2);
  });

  test("holds the sink for a while when HTTP 429 does not say how long", async () => {
    const { attempt, vendor, writes, isWrite } = await bench(subject);
    vendor.misbehave({ kind: "answer", status: 429, body: "{}" }, isWrite);
    const { failure } = await attempt();
    expect(failure).toMatchObject({ outcome: "rate-limited", retryAfter: expect.toSatisfy((wait) => wait >= 1) });
    expect(writes()).toHaveLength(1);
  });
}

function connectionPromises(subject: SinkSubject): void {
  const unknown: [string, Misbehaviour][] = [
    ["is reset before the work", { kind: "reset" }],
    ["is reset after the work", { kind: "reset-after" }],
  ];
  test.each(unknown)("knows that a message may have arrived when the connection %s", async (_when, how) => {
    const { attempt, vendor, writes, isWrite } = await bench(subject);
    vendor.misbehave(how, isWrite);
    const { failure } = await attempt();
    expect(failure).toMatchObject({ outcome: "unavailable", ambiguous: true });
    expect(writes()).toHaveLength(1);
  });

  test("copes with an answer that breaks off", async () => {
    const { attempt, vendor, writes, isWrite } = await bench(subject);
    vendor.misbehave({ kind: "truncate" }, isWrite);
    expect(honest(subject)).toContain(claim(await attempt()));
    expect(writes()).toHaveLength(1);
  });

  const stuck: [string, Misbehaviour, readonly string[]][] = [
    ["never comes", { kind: "hang" }, ["unknown"]],
    ["stops half-way", { kind: "stall" }, honest(subject)],
  ];
  test.each(stuck)("ends at once on abort when the answer %s", async (_how, how, claims) => {
    const { attempt, vendor, writes, isWrite } = await bench(subject);
    vendor.misbehave(how, isWrite);
    const abort = new AbortController();
    const trying = attempt("mark", { signal: abort.signal });
    await expect.poll(writes).toHaveLength(1);
    abort.abort();
    expect(claims).toContain(claim(await trying));
    expect(writes()).toHaveLength(1);
  });

  test("knows that nothing arrived when the connection is refused", async () => {
    const { attempt } = await bench(subject, `http://127.0.0.1:${await freePort()}`);
    expect(await attempt()).toMatchObject(NOT_SENT);
  });

  test("knows that nothing arrived when the name cannot be resolved", async () => {
    const { attempt } = await bench(subject, "http://nowhere.invalid");
    expect(await attempt()).toMatchObject(NOT_SENT);
  });
}

function apartPromises(subject: SinkSubject): void {
  test("keeps deliveries that run at once apart", async () => {
    const { attempt, vendor, writes, isWrite } = await bench(subject);
    vendor.misbehave({ kind: "answer", status: 500, body: "{}" }, (one) => isWrite(one) && one.body.includes("mark2"));
    const marks = ["mark1", "mark2", "mark3"];
    const attempts = await Promise.all(marks.map((mark) => attempt(mark, { id: `dlv_${mark}`, bookingKey: mark })));
    expect(attempts.map(({ outcome }) => outcome)).toEqual(["delivered", expected(subject, 500), "delivered"]);
    const sent = writes().map(({ body }) => marks.filter((mark) => body.includes(mark)).join());
    expect(sent.toSorted()).toEqual(marks);
  });

  test("leaves no connection open once closed", async () => {
    const { attempt, sink } = await bench(subject);
    await attempt();
    await sink.close();
    await expect.poll(openSockets).toBe(0);
  });
}

const NOT_SENT = { outcome: "unavailable", failure: { ambiguous: false } };

/** What a try says of the message: the outcome, or that nobody knows whether it arrived. */
function claim({ outcome, failure }: Attempt): string {
  return failure?.outcome === "unavailable" && failure.ambiguous ? "unknown" : outcome;
}

/** What may be said when a 2xx comes and its body does not: for a plain receiver the status alone may be proof. */
function honest({ statuses }: SinkSubject): readonly string[] {
  return statuses?.[200] === "delivered" ? ["delivered", "unknown"] : ["unknown"];
}

function expected({ statuses }: SinkSubject, status: number, retryAfter?: string): Outcome {
  return statuses?.[status] ?? httpFailure(status, { retryAfter }).outcome;
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap" || kind === "TLSWrap").length;
}
