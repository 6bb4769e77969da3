import { expect, test, vi } from "vitest";
import { Misconfigured, RateLimited, Unavailable } from "../../src/sdk/index.ts";
import { actedSink, plannedSink, workerBench, type Bench } from "../support/worker.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const jumps = [-3 * DAY, -2 * HOUR, 2 * HOUR, 3 * DAY];

function now({ skew }: Bench): number {
  return Date.now() + skew;
}

test.each(jumps)("what was accepted before the clock jumped by %i ms is delivered", async (jumpMs) => {
  const bench = await workerBench();
  const ids = [await bench.accept("one", "x", "acted"), await bench.accept("one", "x", "acted")].flat();
  bench.skew += jumpMs;
  await bench.start(
    plannedSink(
      "acted",
      actedSink(async () => undefined),
    ),
  );
  for (const id of ids) expect(await bench.reaches(id, "delivered")).toMatchObject({ attempts: 1 });
});

test.each(jumps)("what runs while the clock jumps by %i ms is recorded, and not as negative time", async (jumpMs) => {
  const bench = await workerBench();
  const [id = ""] = await bench.accept("one", "x", "acted");
  const plugin = actedSink(async () => {
    bench.skew += jumpMs;
    return undefined;
  });
  await bench.start(plannedSink("acted", plugin));
  await bench.reaches(id, "delivered");
  const [attempt] = await bench.ledger.attempts(id);
  expect(attempt?.durationMs).toBeGreaterThanOrEqual(0);
});

test("a delivery that waits an hour waits no longer though the clock is set back", async () => {
  const bench = await workerBench();
  const deliver = vi.fn((): Promise<undefined> => Promise.reject(new Unavailable("HTTP 503", { retryAfter: 3_600 })));
  const [id = ""] = await bench.accept("one", "x", "acted");
  await bench.start(plannedSink("acted", actedSink(deliver), { retry: { firstMs: 5, maxMs: 20, forMs: DAY } }));
  await vi.waitFor(async () => expect(await bench.ledger.attempts(id)).toHaveLength(1));
  await setBack(bench, 2 * HOUR, id);
  deliver.mockImplementation(() => Promise.resolve(undefined));
  bench.skew += HOUR;
  await bench.reaches(id, "delivered");
});

test("a sink that is asked to wait an hour waits no longer though the clock is set back", async () => {
  const bench = await workerBench();
  const deliver = vi.fn((): Promise<undefined> => Promise.reject(new RateLimited("HTTP 429", { retryAfter: 3_600 })));
  const [id = ""] = await bench.accept("one", "x", "acted");
  await bench.start(plannedSink("acted", actedSink(deliver)));
  await vi.waitFor(async () => expect(await bench.ledger.attempts(id)).toHaveLength(1));
  await setBack(bench, 2 * HOUR, id);
  expect(await bench.ledger.holds()).toMatchObject([
    { until: expect.toSatisfy((until) => until <= now(bench) + HOUR) },
  ]);
  deliver.mockImplementation(() => Promise.resolve(undefined));
  bench.skew += HOUR;
  await bench.reaches(id, "delivered");
});

test("a sink that was held before the clock was set back works again after one try that does", async () => {
  const bench = await workerBench();
  const deliver = vi.fn((): Promise<undefined> => Promise.reject(new Misconfigured("the token was revoked")));
  const [id = ""] = await bench.accept("one", "x", "acted");
  const worker = await bench.start(plannedSink("acted", actedSink(deliver)));
  await vi.waitFor(async () => expect(await bench.ledger.holds()).toMatchObject([{ kind: "misconfigured" }]));
  bench.skew -= DAY;
  await vi.waitFor(async () =>
    expect(await bench.ledger.holds()).toMatchObject([{ since: expect.toSatisfy((since) => since <= now(bench)) }]),
  );
  deliver.mockImplementation(() => Promise.resolve(undefined));
  await worker.probe();
  await bench.reaches(id, "delivered");
  await vi.waitFor(async () => expect(await bench.ledger.holds()).toEqual([]));
});

test("a rate paces by a clock that nobody sets", async () => {
  const bench = await workerBench();
  const ids: string[] = [];
  for (const booking of ["a", "b", "c", "d", "e"]) ids.push(...(await bench.accept(booking, "x", "acted")));
  const plugin = actedSink(async () => {
    bench.skew += bench.skew === 0 ? -DAY : 2 * DAY;
    return undefined;
  });
  await bench.start(plannedSink("acted", plugin, { rate: { count: 1, perMs: 20 }, concurrency: 1 }));
  for (const id of ids) expect(await bench.reaches(id, "delivered")).toMatchObject({ attempts: 1 });
});

/** Sets the clock back, and waits until the delivery has been moved with it. */
async function setBack(bench: Bench, byMs: number, id: string): Promise<void> {
  const dueAt = (await bench.ledger.delivery(id))?.dueAt;
  bench.skew -= byMs;
  await vi.waitFor(async () => expect((await bench.ledger.delivery(id))?.dueAt).not.toBe(dueAt), { timeout: 5_000 });
}
