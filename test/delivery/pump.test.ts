import { expect, onTestFinished, test, vi } from "vitest";
import { createPump, type Pump, type PumpOptions } from "../../src/delivery/pump.ts";

function pump(look: PumpOptions["look"], onError: PumpOptions["onError"] = vi.fn()): Pump {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  return createPump({ look, onError });
}

test("answers wake-ups during a look with one more look, never two at once", async () => {
  const gates = [Promise.withResolvers<null>(), Promise.withResolvers<null>()];
  const look = vi.fn(() => gates[look.mock.calls.length - 1]?.promise ?? Promise.resolve(null));
  const one = pump(look);
  for (let times = 0; times < 3; times++) one.wake();
  expect(look).toHaveBeenCalledTimes(1);
  gates[0]?.resolve(null);
  await vi.advanceTimersByTimeAsync(0);
  expect(look).toHaveBeenCalledTimes(2);
  gates[1]?.resolve(null);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(look).toHaveBeenCalledTimes(2);
});

test("looks again when it said it would, unless woken before", async () => {
  const look = vi.fn(() => Promise.resolve<number | null>(look.mock.calls.length === 1 ? 500 : null));
  pump(look).wake();
  await vi.advanceTimersByTimeAsync(499);
  expect(look).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(look).toHaveBeenCalledTimes(2);
});

test("pauses after an error, instead of asking over and over", async () => {
  const onError = vi.fn();
  const look = vi.fn(() => Promise.reject(new Error("no ledger")));
  pump(look, onError).wake();
  const seen: number[] = [];
  for (const ms of [900, 200, 1_800, 200, 60_000]) {
    await vi.advanceTimersByTimeAsync(ms);
    seen.push(onError.mock.calls.length);
  }
  expect(seen).toEqual([1, 2, 2, 3, 9]);
});

test("looks no more once it is closed, and leaves no timer behind", async () => {
  const look = vi.fn(() => Promise.resolve(1));
  const one = pump(look);
  one.wake();
  await one.close();
  one.wake();
  expect([look.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0]);
});
