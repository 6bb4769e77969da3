import { once } from "node:events";
import { MessageChannel } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { createCalls, type Calls, type Offer } from "../../src/embedded/calls.ts";
import { flatten, revive } from "../../src/embedded/errors.ts";
import { LedgerRefused, LedgerUnavailable } from "../../src/ledger/errors.ts";

test("gives what the other end's function returned, whenever it did", async () => {
  const slow = Promise.withResolvers<string>();
  const { near } = ends({ slow: () => slow.promise, add: (one: number, other: number) => one + other });
  const late = near.call("slow", []);
  expect(await Promise.all([near.call("add", [1, 2]), near.call("add", [3, 4])])).toEqual([3, 7]);
  slow.resolve("at last");
  expect(await late).toBe("at last");
});

test("loses no answer that becomes known while others are on their way", async () => {
  const { near } = ends({
    async echo(number: number) {
      for (let turn = 0; turn < number % 7; turn++) await new Promise(setImmediate);
      return number;
    },
  });
  const numbers = Array.from({ length: 2_000 }, (_, number) => number);
  expect(await Promise.all(numbers.map((number) => near.call("echo", [number])))).toEqual(numbers);
});

test("sends what comes up in one turn in one message", async () => {
  const { near, messages } = ends({ add: (one: number, other: number) => one + other });
  await Promise.all(Array.from({ length: 50 }, (_, number) => near.call("add", [number, 1])));
  expect(messages()).toBe(1);
});

test.each([
  [new LedgerUnavailable("the disk is full"), { name: "LedgerUnavailable", code: "ledger_unavailable" }],
  [new LedgerRefused("another relay"), { name: "LedgerRefused", code: "ledger_refused" }],
  [new TypeError("a defect"), { name: "TypeError", message: "a defect", stack: expect.stringContaining("a defect") }],
])("rejects with what was thrown there: %s", async (thrown, expected) => {
  const { near } = ends({ fail: () => Promise.reject(thrown) });
  await expect(near.call("fail", [])).rejects.toMatchObject(expected);
});

test("rejects what is open once the other end is gone, and all that comes", async () => {
  const { near } = ends({ never: () => new Promise(() => undefined) });
  const open = near.call("never", []);
  near.end(new LedgerUnavailable("the ledger is closed"));
  await expect(open).rejects.toMatchObject({ code: "ledger_unavailable" });
  await expect(near.call("never", [])).rejects.toMatchObject({ code: "ledger_unavailable" });
});

/** Two ends of a channel, the far one with this offer; `messages` counts what it received. */
function ends(offer: Offer): { near: Calls; messages: () => number } {
  const { port1, port2 } = new MessageChannel();
  let received = 0;
  port2.on("message", () => (received += 1));
  onTestFinished(async () => {
    port1.close();
    await once(port2, "close");
  });
  createCalls({ port: port2, offer, flatten, revive });
  return { near: createCalls({ port: port1, offer: {}, flatten, revive }), messages: () => received };
}
