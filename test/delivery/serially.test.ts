import { expect, test } from "vitest";
import { createSerially } from "../../src/delivery/serially.ts";

const never = new AbortController().signal;

test("runs what shares a key one at a time, in order", async () => {
  const serially = createSerially();
  const steps: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = serially("key", never, async () => {
    steps.push("first in");
    await gate.promise;
    steps.push("first out");
  });
  const second = serially("key", never, async () => void steps.push("second"));
  gate.resolve();
  await Promise.all([first, second]);
  expect(steps).toEqual(["first in", "first out", "second"]);
});

test("does not let one key wait for another", async () => {
  const serially = createSerially();
  const gate = Promise.withResolvers<void>();
  const blocked = serially("a", never, () => gate.promise);
  await expect(serially("b", never, () => Promise.resolve("through"))).resolves.toBe("through");
  gate.resolve();
  await blocked;
});

test("goes on after a turn that failed", async () => {
  const serially = createSerially();
  const failed = serially("key", never, () => Promise.reject(new Error("broken")));
  const next = serially("key", never, () => Promise.resolve("next"));
  await expect(failed).rejects.toThrow("broken");
  await expect(next).resolves.toBe("next");
});

test("gives up a turn that it no longer wants, without letting the next one jump the queue", async () => {
  const serially = createSerially();
  const gate = Promise.withResolvers<void>();
  const steps: string[] = [];
  const first = serially("key", never, async () => {
    await gate.promise;
    steps.push("first");
  });
  const impatient = new AbortController();
  const second = serially("key", impatient.signal, async () => void steps.push("second"));
  const third = serially("key", never, async () => void steps.push("third"));
  impatient.abort(new Error("too long"));
  await expect(second).rejects.toMatchObject({ outcome: "unavailable", ambiguous: false });
  gate.resolve();
  await Promise.all([first, third]);
  expect(steps).toEqual(["first", "third"]);
});

/** A lock that another relay has until `free`, and what was asked of it. */
function otherRelays() {
  const asked: string[] = [];
  const state = { isFree: false };
  return {
    asked,
    free: () => void (state.isFree = true),
    lock: (name: string) => Promise.resolve((asked.push(`lock ${name}`), state.isFree)),
    unlock: (name: string) => Promise.resolve(void asked.push(`unlock ${name}`)),
  };
}

test("waits for another relay's turn, and gives the lock back after its own", async () => {
  const others = otherRelays();
  const serially = createSerially(others);
  const steps: string[] = [];
  const turn = serially("key", never, async () => void steps.push("mine"));
  await expect.poll(() => others.asked.length).toBeGreaterThan(1);
  expect(steps).toEqual([]);
  others.free();
  await turn;
  await expect.poll(() => others.asked.at(-1)).toBe("unlock key");
  expect(steps).toEqual(["mine"]);
});

test("gives up a turn that another relay does not end in time, and lets the next one have it", async () => {
  const others = otherRelays();
  const serially = createSerially(others);
  const impatient = new AbortController();
  const turn = serially("key", impatient.signal, async () => "mine");
  await expect.poll(() => others.asked.length).toBeGreaterThan(0);
  impatient.abort(new Error("too long"));
  await expect(turn).rejects.toMatchObject({ outcome: "unavailable", ambiguous: false });
  others.free();
  await expect(serially("key", never, async () => "next")).resolves.toBe("next");
});
