import { expect, test, vi } from "vitest";
import type { Keeping, Ledger } from "../../src/ledger/ledger.ts";
import { actedSink, plannedSink, workerBench } from "../support/worker.ts";

/** A ledger whose first claim is kept so. */
function keeping(first: Keeping): (ledger: Ledger) => Ledger {
  let isFirst = true;
  return (ledger) => ({
    ...ledger,
    async claim(...wanted) {
      const claims = await ledger.claim(...wanted);
      if (!isFirst || claims.length === 0) return claims;
      isFirst = false;
      return claims.map((claim) => ({ ...claim, keeping: first }));
    },
  });
}

test("sends nothing under a lease that no longer holds, and hands the delivery back untried", async () => {
  const bench = await workerBench(
    "{{ payload }}",
    keeping({ lost: new AbortController().signal, isHeld: () => false }),
  );
  const deliver = vi.fn(async () => undefined);
  const [id = ""] = await bench.accept("one", "x", "acted");
  await bench.start(plannedSink("acted", actedSink(deliver)));
  await bench.reaches(id, "delivered");
  expect(deliver).toHaveBeenCalledTimes(1);
  expect(await bench.ledger.attempts(id)).toHaveLength(1);
});

test("sends nothing once the lease is lost in the midst of a try", async () => {
  let isHeld = true;
  const bench = await workerBench(
    "{{ payload }}",
    keeping({ lost: new AbortController().signal, isHeld: () => isHeld }),
  );
  const [id = ""] = await bench.accept("one", "x", "acted");
  const seen: unknown[] = [];
  const plugin = actedSink(async (_message, { fetch, attempt }) => {
    if (attempt > 1) return undefined;
    isHeld = false;
    await fetch("http://127.0.0.1:1/").catch((error: unknown) => {
      seen.push(error);
      throw error;
    });
    return undefined;
  });
  await bench.start(plannedSink("acted", plugin, { retry: { firstMs: 1, maxMs: 1, forMs: 60_000 } }));
  await bench.reaches(id, "delivered");
  expect(seen).toMatchObject([
    { outcome: "unavailable", message: "the delivery was given to another relay meanwhile" },
  ]);
});

test("ends a try whose lease is lost, and keeps in mind that it may have arrived", async () => {
  const lost = new AbortController();
  const bench = await workerBench("{{ payload }}", keeping({ lost: lost.signal, isHeld: () => !lost.signal.aborted }));
  const [id = ""] = await bench.accept("one", "x", "acted");
  const told: boolean[] = [];
  const plugin = actedSink(async (_message, { signal, maybeDelivered }) => {
    told.push(maybeDelivered);
    if (told.length > 1) return undefined;
    lost.abort(new Error("the lease was lost"));
    signal.throwIfAborted();
    return undefined;
  });
  await bench.start(plannedSink("acted", plugin));
  await bench.reaches(id, "delivered");
  expect(told).toEqual([false, true]);
});
