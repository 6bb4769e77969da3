import { httpFailure } from "../index.ts";
import { claimOf, failureOf, nameOf, told, type Attempt } from "./attempt.ts";
import { bench, type Bench } from "./bench.ts";
import { expectKept, type SinkPromise } from "./promise.ts";
import type { Outcome, SinkSubject } from "./subject.ts";

const REFUSALS = [301, 302, 307, 308, 400, 401, 403, 404, 408, 409, 410, 413, 422, 500, 502, 503, 504];
const SELDOM = [
  300, 303, 402, 405, 406, 411, 414, 415, 421, 423, 424, 425, 426, 428, 431, 451, 501, 505, 507, 508, 520, 599,
];

/** What a sink that speaks HTTP promises of every status: one try, and the right failure. */
export function statusPromises(subject: SinkSubject): SinkPromise[] {
  return [
    ...REFUSALS.map((status) => refusalPromise(subject, status)),
    seldomPromise(subject),
    ...[500, 502, 504].map((status) => ambiguityPromise(subject, status)),
    ...SUCCESSES.map((success) => successPromise(subject, success)),
    ...[429, 503].map((status) => waitPromise(subject, status)),
    unsaidWaitPromise(subject),
  ];
}

/** How a try ends on a status. */
export function expectedOn({ statuses }: SinkSubject, status: number, retryAfter?: string): Outcome {
  return statuses?.[status] ?? httpFailure(status, { retryAfter }).outcome;
}

/** One try a call: the relay makes the next one. */
export function expectOneWrite(what: string, { writes }: Bench, count = 1): void {
  const promise = `${what}: a call of deliver makes one try, and the relay makes the next`;
  expectKept(writes().length === count, promise, `${writes().length} requests wrote in ${count}`);
}

function refusalPromise(subject: SinkSubject, status: number): SinkPromise {
  return {
    name: `ends the one try on HTTP ${status} with the right failure`,
    async run() {
      await using one = await bench(subject);
      const headers = { location: "/elsewhere" };
      one.vendor.misbehave({ kind: "answer", status, headers, body: '{"error":"it_failed"}' }, one.isWrite);
      const attempt = await one.attempt();
      expectOutcome(`HTTP ${status}`, expectedOn(subject, status), attempt);
      expectOneWrite(`HTTP ${status}`, one);
      const isFollowed = one.vendor.requests.some(({ path }) => path === "/elsewhere");
      expectKept(!isFollowed, `HTTP ${status}: a redirect is not followed`, "the sink went where Location said");
      const answer = failureOf(attempt)?.answer;
      expectKept(answer !== undefined, `HTTP ${status}: the failure's answer says what came back`, "it has none");
    },
  };
}

function seldomPromise(subject: SinkSubject): SinkPromise {
  return {
    name: "ends the one try on any other status by one of the four",
    async run() {
      await using one = await bench(subject);
      for (const [index, status] of SELDOM.entries()) {
        one.vendor.misbehave({ kind: "answer", status, body: "it failed" }, one.isWrite);
        const attempt = await one.attempt(`mark${status}`, { bookingKey: `booking${status}` });
        expectKept(
          failureOf(attempt) !== undefined,
          `HTTP ${status}: expected one of the four failures`,
          told(attempt),
        );
        expectOneWrite(`HTTP ${status}`, one, index + 1);
      }
    },
  };
}

function ambiguityPromise(subject: SinkSubject, status: number): SinkPromise {
  return {
    name: `knows that a message may have arrived when HTTP ${status} came back`,
    async run() {
      await using one = await bench(subject);
      one.vendor.misbehave({ kind: "answer-after", status, body: "upstream failed" }, one.isWrite);
      expectOutcome(`HTTP ${status} after the work was done`, "unknown", await one.attempt());
    },
  };
}

const SUCCESSES = [
  { what: "a page", type: "text/html", body: "<!doctype html><title>Welcome</title>" },
  { what: "JSON of another shape", type: "application/json", body: '{"unexpected":true}' },
  { what: "nothing", type: "application/json", body: "" },
] as const;

function successPromise(subject: SinkSubject, { what, type, body }: (typeof SUCCESSES)[number]): SinkPromise {
  return {
    name: `does not take HTTP 200 with ${what} for more than it is`,
    async run() {
      await using one = await bench(subject);
      one.vendor.misbehave({ kind: "answer", status: 200, headers: { "content-type": type }, body }, one.isWrite);
      const attempt = await one.attempt();
      expectOutcome(`HTTP 200 with ${what}`, subject.statuses?.[200] ?? "unknown", attempt);
      expectOneWrite(`HTTP 200 with ${what}`, one);
    },
  };
}

function waitPromise(subject: SinkSubject, status: number): SinkPromise {
  return {
    name: `waits as long as HTTP ${status} asks, in seconds or until a date`,
    async run() {
      await using one = await bench(subject);
      const date = new Date(Date.now() + 60_000).toUTCString();
      one.vendor.misbehave({ kind: "answer", status, headers: { "retry-after": "7" }, body: "{}" }, one.isWrite);
      one.vendor.misbehave({ kind: "answer", status, headers: { "retry-after": date }, body: "{}" }, one.isWrite);
      const [inSeconds, untilDate] = [await one.attempt("mark1"), await one.attempt("mark2")];
      const expected = expectedOn(subject, status, "7");
      expectOutcome(`HTTP ${status} with Retry-After: 7`, expected, inSeconds);
      const waits = [waitOf(inSeconds), waitOf(untilDate)];
      expectKept(waits[0] === 7, `HTTP ${status} with Retry-After: 7: expected retryAfter: 7`, told(inSeconds));
      const isNear = waits[1] !== undefined && waits[1] > 50 && waits[1] <= 61;
      expectKept(isNear, `HTTP ${status} with Retry-After: ${date}: expected retryAfter: about 60`, told(untilDate));
      expectOneWrite(`HTTP ${status}`, one, 2);
    },
  };
}

function unsaidWaitPromise(subject: SinkSubject): SinkPromise {
  return {
    name: "holds the sink for a while when HTTP 429 does not say how long",
    async run() {
      await using one = await bench(subject);
      one.vendor.misbehave({ kind: "answer", status: 429, body: "{}" }, one.isWrite);
      const attempt = await one.attempt();
      expectOutcome("HTTP 429", "rate-limited", attempt);
      expectKept((waitOf(attempt) ?? 0) >= 1, "HTTP 429: expected a retryAfter of 1 s or more", told(attempt));
      expectOneWrite("HTTP 429", one);
    },
  };
}

/** Fails where a try did not end as expected; `unknown` is Unavailable with `ambiguous`. */
export function expectOutcome(what: string, expected: Outcome | "unknown", attempt: Attempt): void {
  const isMet = expected === "unknown" ? claimOf(attempt) === "unknown" : attempt.outcome === expected;
  expectKept(isMet, `${what}: expected ${nameOf(expected)}`, told(attempt));
}

function waitOf(attempt: Attempt): number | undefined {
  const failure = failureOf(attempt);
  return failure !== undefined && "retryAfter" in failure ? failure.retryAfter : undefined;
}
