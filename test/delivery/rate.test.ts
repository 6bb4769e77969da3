import { expect, test } from "vitest";
import { createRateLimit } from "../../src/delivery/rate.ts";

/** The waits of `count` turns asked for at the same moment. */
function waits(count: number, rate: { count: number; perMs: number } | null, lane = "one"): number[] {
  const limit = createRateLimit(rate, () => 0);
  return Array.from({ length: count }, () => limit.reserve(lane));
}

test("lets one second's worth through at once, then spaces the rest", () => {
  expect(waits(4, { count: 2, perMs: 1_000 })).toEqual([0, 0, 500, 1_000]);
});

test("never spends a minute's quota in a burst", () => {
  expect(waits(3, { count: 60, perMs: 60_000 })).toEqual([0, 1_000, 2_000]);
  expect(waits(3, { count: 50, perMs: 60_000 })).toEqual([0, 1_200, 2_400]);
});

test("does not wait where there is no rate", () => {
  expect(waits(3, null)).toEqual([0, 0, 0]);
});

test("counts each lane apart", () => {
  const limit = createRateLimit({ count: 1, perMs: 1_000 }, () => 0);
  expect([limit.reserve("a"), limit.reserve("b"), limit.reserve("a")]).toEqual([0, 0, 1_000]);
});

test("does not wait again after a quiet time", () => {
  let now = 0;
  const limit = createRateLimit({ count: 1, perMs: 1_000 }, () => now);
  limit.reserve("a");
  now = 1_000;
  expect(limit.reserve("a")).toBe(0);
});
