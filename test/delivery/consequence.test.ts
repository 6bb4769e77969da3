import { expect, test } from "vitest";
import { consequenceOf, PROBE_EVERY_MS, type FailedTry } from "../../src/delivery/consequence.ts";
import { Misconfigured, RateLimited, Rejected, Unavailable, type SinkFailure } from "../../src/sdk/index.ts";

const NOW = 1_000_000;

function after(failure: SinkFailure, more: Partial<FailedTry> = {}): ReturnType<typeof consequenceOf> {
  return consequenceOf({
    failure,
    policy: { firstMs: 5_000, maxMs: 60_000, forMs: 600_000 },
    attempts: 0,
    firstAttemptAt: null,
    maybeDelivered: false,
    startedAt: NOW - 10,
    now: NOW,
    random: 0.5,
    ...more,
  });
}

test("a rejected message is dead at once", () => {
  expect(after(new Rejected("no such channel"))).toEqual({ next: { state: "dead" }, hold: null });
});

test("an unavailable sink is tried again and uses up an attempt", () => {
  expect(after(new Unavailable("HTTP 502"))).toEqual({
    next: { state: "waiting", dueAt: NOW + 5_000, maybeDelivered: false, usedAttempt: true },
    hold: null,
  });
});

test("an unknown outcome stays known as such while the delivery waits", () => {
  const failures = [
    new Unavailable("refused"),
    new RateLimited("HTTP 429", { retryAfter: 1 }),
    new Misconfigured("gone"),
  ];
  for (const failure of failures)
    expect(after(failure, { maybeDelivered: true }).next).toMatchObject({ maybeDelivered: true });
});

test("an unavailable sink is given up once its retry time has run out", () => {
  expect(after(new Unavailable("HTTP 502"), { attempts: 9, firstAttemptAt: NOW - 600_000 }).next).toEqual({
    state: "dead",
  });
});

test("a rate limit holds the whole sink and uses up nothing", () => {
  expect(after(new RateLimited("HTTP 429", { retryAfter: 30 }))).toEqual({
    next: { state: "waiting", dueAt: NOW + 30_000, maybeDelivered: false, usedAttempt: false },
    hold: { kind: "rate-limited", reason: "HTTP 429", since: NOW, until: NOW + 30_000 },
  });
});

test("a misconfigured sink is held and probed, however old the delivery is", () => {
  const { next, hold } = after(new Misconfigured("token revoked"), { attempts: 9, firstAttemptAt: 0 });
  expect(next).toMatchObject({ state: "waiting", usedAttempt: false });
  expect(hold).toEqual({ kind: "misconfigured", reason: "token revoked", since: NOW, until: NOW + PROBE_EVERY_MS });
});
