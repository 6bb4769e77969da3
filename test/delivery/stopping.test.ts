import { expect, test } from "vitest";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { defineSink } from "../../src/sdk/index.ts";
import { actedSink, plannedSink, workerBench, type Bench } from "../support/worker.ts";

const untouched = [{ state: "waiting", maybeDelivered: false, attempts: 0 }, []];

async function recordOf({ ledger }: Bench, id: string): Promise<unknown> {
  return [await ledger.delivery(id), await ledger.attempts(id)];
}

test("what a claim brings while the relay is stopping is handed back untried", async () => {
  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const slowClaims = (ledger: Ledger): Ledger => ({
    ...ledger,
    async claim(...wanted) {
      const claims = await ledger.claim(...wanted);
      asked.resolve();
      await gate.promise;
      return claims;
    },
  });
  const bench = await workerBench("{{ payload }}", slowClaims);
  const [id = ""] = await bench.accept("one", "x", "acted");
  const plugin = actedSink(async () => undefined);
  const worker = await bench.start(plannedSink("acted", plugin));
  await asked.promise;
  const stopped = worker.close(5_000);
  gate.resolve();
  await stopped;
  expect(await recordOf(bench, id)).toMatchObject(untouched);
});

test("what waits for its lane's turn when the relay stops is handed back at once", async () => {
  const bench = await workerBench();
  const [first = ""] = await bench.accept("one", "x", "acted");
  const [second = ""] = await bench.accept("two", "x", "acted");
  const plugin = actedSink(async () => undefined);
  const worker = await bench.start(plannedSink("acted", plugin, { rate: { count: 1, perMs: 3_600_000 } }));
  await bench.reaches(first, "delivered");
  await bench.reaches(second, "running");
  await worker.close(60_000);
  expect(await recordOf(bench, second)).toMatchObject(untouched);
});

test("what waits for its sink to open when the grace is over is handed back, and the stop does not wait on", async () => {
  const bench = await workerBench();
  const opening = Promise.withResolvers<void>();
  const hanging = defineSink({
    ...actedSink(async () => undefined),
    open() {
      opening.resolve();
      return new Promise<never>(() => undefined);
    },
  });
  const [id = ""] = await bench.accept("one", "x", "acted");
  const worker = await bench.start(plannedSink("acted", hanging));
  await opening.promise;
  await worker.close(0);
  expect(await recordOf(bench, id)).toMatchObject(untouched);
});

test.each([
  ["fails", () => Promise.reject(new Error("no goodbye from guest@example.com"))],
  ["hangs", () => new Promise<void>(() => undefined)],
])("a sink whose close %s keeps no relay from stopping", async (how, close) => {
  const bench = await workerBench();
  const [id = ""] = await bench.accept("one", "x", "acted");
  const worker = await bench.start(
    plannedSink(
      "acted",
      actedSink(async () => undefined, { close }),
    ),
  );
  await bench.reaches(id, "delivered");
  await worker.close(0);
  expect(bench.lines.some((line) => line.includes("the sink did not close well"))).toBe(how === "fails");
  expect(bench.lines.join("")).not.toContain("guest@example.com");
});

test("stopping twice closes a sink once", async () => {
  const bench = await workerBench();
  let closed = 0;
  const plugin = actedSink(async () => undefined, {
    close() {
      closed += 1;
      return Promise.resolve();
    },
  });
  const [id = ""] = await bench.accept("one", "x", "acted");
  const worker = await bench.start(plannedSink("acted", plugin));
  await bench.reaches(id, "delivered");
  await Promise.all([worker.close(0), worker.close(0)]);
  expect(closed).toBe(1);
});
