import { expect, test } from "vitest";
import { createTurns, type Rate } from "../../src/ledger/rate.ts";

const secondly: Rate = { count: 1, perMs: 1_000 };

/** The waits of `count` turns asked for at the same moment. */
function waits(count: number, rate: Rate): number[] {
  const turn = createTurns(() => 0);
  return Array.from({ length: count }, () => turn("crm", "one", rate));
}

test("lets one second's worth through at once, then spaces the rest", () => {
  expect(waits(4, { count: 2, perMs: 1_000 })).toEqual([0, 0, 500, 1_000]);
});

test("never spends a minute's quota in a burst", () => {
  expect(waits(3, { count: 60, perMs: 60_000 })).toEqual([0, 1_000, 2_000]);
  expect(waits(3, { count: 50, perMs: 60_000 })).toEqual([0, 1_200, 2_400]);
});

test("counts each lane apart", () => {
  const turn = createTurns(() => 0);
  const lanes = [
    ["crm", "a"],
    ["crm", "b"],
    ["chat", "a"],
    ["crm", "a"],
  ] as const;
  expect(lanes.map(([sink, lane]) => turn(sink, lane, secondly))).toEqual([0, 0, 0, 1_000]);
});

test("does not wait again after a quiet time", () => {
  let now = 0;
  const turn = createTurns(() => now);
  turn("crm", "a", secondly);
  now = 1_000;
  expect(turn("crm", "a", secondly)).toBe(0);
});
