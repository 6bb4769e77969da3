import { expect, test } from "vitest";
import { boundedWait, retryAt, type RetryPolicy } from "../../src/delivery/retry.ts";

const policy: RetryPolicy = { firstMs: 5_000, maxMs: 60_000, forMs: 600_000 };
const middle = 0.5;

test("waits the first time, then twice as long each time, up to the most", () => {
  const waits = [1, 2, 3, 4, 5, 60].map((attempts) =>
    retryAt({ policy, attempts, firstAttemptAt: 0, now: 0, random: middle }),
  );
  expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
});

test("spreads each wait by a quarter both ways", () => {
  const at = (random: number): number | null => retryAt({ policy, attempts: 1, firstAttemptAt: 0, now: 0, random });
  expect(at(0)).toBe(3_750);
  expect(at(1)).toBe(6_250);
});

test("gives up when the retry time has run out", () => {
  expect(retryAt({ policy, attempts: 9, firstAttemptAt: 0, now: 600_000, random: middle })).toBeNull();
  expect(
    retryAt({ policy, attempts: 9, firstAttemptAt: 0, now: 600_000, random: middle, retryAfterMs: 5_000 }),
  ).toBeNull();
});

test("puts the last try at the end of the retry time", () => {
  expect(retryAt({ policy, attempts: 9, firstAttemptAt: 0, now: 590_000, random: middle })).toBe(600_000);
});

test("does as the vendor asks, within a second and a day", () => {
  const at = (retryAfterMs: number): number | null =>
    retryAt({ policy, attempts: 1, firstAttemptAt: 0, now: 0, random: middle, retryAfterMs });
  expect(at(120_000)).toBe(120_000);
  expect(at(0)).toBe(1_000);
  expect(boundedWait(Number.MAX_SAFE_INTEGER)).toBe(86_400_000);
});
