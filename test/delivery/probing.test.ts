import { expect, test, vi } from "vitest";
import { Misconfigured, RateLimited, Unavailable } from "../../src/sdk/index.ts";
import { actedSink, plannedSink, workerBench, type Bench } from "../support/worker.ts";

/** Held for attention long ago, and due to be probed. */
async function heldBench(): Promise<Bench> {
  const bench = await workerBench();
  await bench.ledger.hold({
    sink: "acted",
    by: "relay",
    kind: "misconfigured",
    reason: "no scope",
    since: 0,
    until: 1,
  });
  return bench;
}

test("a probe that finds the sink unavailable is the only one until the next is due", async () => {
  const bench = await heldBench();
  const deliver = vi.fn(() => Promise.reject(new Unavailable("HTTP 503")));
  for (const booking of ["a", "b", "c"]) await bench.accept(booking, "x", "acted");
  await bench.start(plannedSink("acted", actedSink(deliver)));
  await vi.waitFor(async () =>
    expect(await bench.ledger.holds()).toMatchObject([{ kind: "misconfigured", until: expect.toSatisfy(isLater) }]),
  );
  await bench.accept("d", "x", "acted");
  await vi.waitFor(async () => expect(await bench.ledger.backlog()).toMatchObject([{ state: "waiting", count: 4 }]));
  expect(deliver).toHaveBeenCalledOnce();
});

test("a message that does not fit the sink proves nothing of it", async () => {
  const bench = await heldBench();
  const [id = ""] = await bench.accept("one", "x".repeat(51), "acted");
  const plugin = actedSink(async () => undefined);
  await bench.start(plannedSink("acted", plugin));
  await bench.reaches(id, "dead");
  expect(await bench.ledger.holds()).toMatchObject([{ kind: "misconfigured" }]);
});

test("what waits for its lane's turn when its sink is held is handed back untried", async () => {
  const bench = await workerBench();
  const deliver = vi.fn(() => Promise.reject(new RateLimited("HTTP 429", { retryAfter: 3_600 })));
  await bench.accept("a", "x", "acted");
  const [second = ""] = await bench.accept("b", "x", "acted");
  await bench.start(plannedSink("acted", actedSink(deliver), { rate: { count: 1, perMs: 1_000 } }));
  await bench.reaches(second, "running");
  await bench.reaches(second, "waiting");
  expect(await bench.ledger.attempts(second)).toEqual([]);
  expect(deliver).toHaveBeenCalledOnce();
});

test("a wait that is no number does not keep the attempt from being recorded", async () => {
  const bench = await workerBench();
  const [id = ""] = await bench.accept("one", "x", "acted");
  const plugin = actedSink(() => Promise.reject(new RateLimited("HTTP 429", { retryAfter: Number.NaN })));
  await bench.start(plannedSink("acted", plugin));
  await vi.waitFor(async () => expect(await bench.ledger.attempts(id)).toMatchObject([{ outcome: "rate-limited" }]));
});

test("masks secrets in the reason of a hold", async () => {
  const bench = await workerBench();
  await bench.accept("one", "x", "acted");
  const plugin = actedSink(() => Promise.reject(new Misconfigured("canary-secret was revoked")));
  await bench.start(plannedSink("acted", plugin));
  await vi.waitFor(async () => expect(await bench.ledger.holds()).toMatchObject([{ reason: "*** was revoked" }]));
});

function isLater(until: number): boolean {
  return until > Date.now() + 240_000;
}
