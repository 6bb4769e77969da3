import { expect, test, vi } from "vitest";
import { Misconfigured, RateLimited, Unavailable } from "../../src/sdk/index.ts";
import { actedSink, plannedSink, workerBench, type Bench } from "../support/worker.ts";

const DAY = 24 * 3_600_000;
/** Tried for a minute; whatever waits a day has outlived that. */
const retry = { firstMs: 5, maxMs: 20, forMs: 60_000 };
const paused = { sink: "acted", by: "person", kind: "paused", reason: "stocktaking", since: 0, until: null } as const;

interface Tried {
  readonly bench: Bench;
  readonly delivery: string;
  readonly sink: ReturnType<typeof plannedSink>;
  readonly deliver: ReturnType<typeof vi.fn<() => Promise<undefined>>>;
}

/** A delivery that has failed before, with its sink paused. */
async function triedAndPaused(): Promise<Tried> {
  const bench = await workerBench();
  const deliver = vi.fn((): Promise<undefined> => Promise.reject(new Unavailable("HTTP 503")));
  const sink = plannedSink("acted", actedSink(deliver), { retry });
  const [delivery = ""] = await bench.accept("one", "x", "acted");
  const worker = await bench.start(sink);
  await vi.waitFor(() => expect(deliver).toHaveBeenCalled());
  await worker.close(1_000);
  await bench.ledger.hold(paused);
  deliver.mockClear();
  return { bench, delivery, sink, deliver };
}

test.each([
  ["is delivered by it", () => Promise.resolve(undefined), "delivered"],
  ["is dead only once that has failed", () => Promise.reject(new Unavailable("HTTP 503")), "dead"],
] as const)("what outlived its retry time in a pause gets one more try, and %s", async (_how, act, state) => {
  const { bench, delivery, sink, deliver } = await triedAndPaused();
  bench.skew += 10 * DAY;
  await bench.start(sink);
  expect(await bench.ledger.delivery(delivery)).toMatchObject({ state: "waiting" });
  deliver.mockImplementation(act);
  await bench.ledger.lift("acted", "person");
  await bench.reaches(delivery, state);
  expect(deliver).toHaveBeenCalledOnce();
});

test("restarting and reloading for days while a sink is paused costs a delivery nothing", async () => {
  const { bench, delivery, sink, deliver } = await triedAndPaused();
  const before = await bench.ledger.delivery(delivery);
  for (let day = 0; day < 5; day++) {
    bench.skew += DAY;
    const worker = await bench.start(sink);
    worker.apply({ sinks: new Map(), targets: new Map() });
    await worker.probe();
    await worker.close(0);
  }
  expect(await bench.ledger.delivery(delivery)).toEqual(before);
  expect(deliver).not.toHaveBeenCalled();
});

test.each([
  ["is asked to wait", () => new RateLimited("HTTP 429", { retryAfter: 60 })],
  ["finds its sink misconfigured", () => new Misconfigured("the token was revoked")],
])("what %s after its retry time goes on waiting", async (_how, failure) => {
  const { bench, delivery, sink, deliver } = await triedAndPaused();
  const { attempts = 0 } = (await bench.ledger.delivery(delivery)) ?? {};
  bench.skew += 10 * DAY;
  deliver.mockImplementation(() => Promise.reject(failure()));
  await bench.ledger.lift("acted", "person");
  await bench.start(sink);
  await vi.waitFor(async () => expect(await bench.ledger.attempts(delivery)).toHaveLength(attempts + 1));
  expect(await bench.ledger.delivery(delivery)).toMatchObject({ state: "waiting", attempts });

  deliver.mockImplementation(() => Promise.resolve(undefined));
  bench.skew += DAY;
  await bench.reaches(delivery, "delivered");
});

test("what runs when the relay stops after its retry time goes on waiting", async () => {
  const { bench, delivery, sink, deliver } = await triedAndPaused();
  const before = await bench.ledger.delivery(delivery);
  bench.skew += 10 * DAY;
  deliver.mockImplementation(() => new Promise(() => undefined));
  await bench.ledger.lift("acted", "person");
  const worker = await bench.start(sink);
  await vi.waitFor(() => expect(deliver).toHaveBeenCalled());
  await worker.close(0);
  expect(await bench.ledger.delivery(delivery)).toMatchObject({ state: "waiting", attempts: before?.attempts });
});
