import { expect, test, vi } from "vitest";
import { createBreaker } from "../../src/delivery/breaker.ts";
import { Unavailable } from "../../src/sdk/index.ts";
import { actedSink, plannedSink, workerBench } from "../support/worker.ts";

const open = { state: "open" } as const;
const probe = { state: "probe", kind: "unavailable" } as const;

test("so many failures in a row, over two bookings, hold the sink for half a minute", () => {
  const breaker = createBreaker({ after: 3 });
  expect([breaker.failed("a", open), breaker.failed("b", open), breaker.failed("a", open)]).toEqual([
    null,
    null,
    30_000,
  ]);
});

test("one booking alone never holds the sink", () => {
  const breaker = createBreaker({ after: 3 });
  for (let times = 0; times < 9; times++) expect(breaker.failed("a", open)).toBeNull();
  expect(breaker.failed("b", open)).toBe(30_000);
});

test("a success in between begins the count anew", () => {
  const breaker = createBreaker({ after: 2 });
  breaker.failed("a", open);
  breaker.worked();
  expect([breaker.failed("b", open), breaker.failed("a", open)]).toEqual([null, 30_000]);
});

test("each probe that fails doubles the rest, up to ten minutes", () => {
  const breaker = createBreaker({ after: 1 });
  const rests = Array.from({ length: 6 }, () => breaker.failed("a", probe));
  expect(rests).toEqual([60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
  breaker.failed("a", open);
  expect([breaker.failed("b", open), breaker.failed("a", probe)]).toEqual([30_000, 60_000]);
});

test("tries that were under way when the sink was held do not count", () => {
  const breaker = createBreaker({ after: 1 });
  breaker.failed("a", open);
  expect(breaker.failed("b", { state: "held", until: 1 })).toBeNull();
});

test("a sink that is down is held, probed with one delivery, and goes on once it works", async () => {
  const bench = await workerBench();
  let isDown = true;
  const deliver = vi.fn(async () => {
    if (isDown) throw new Unavailable("HTTP 503");
    return undefined;
  });
  const ids: string[] = [];
  for (const booking of ["a", "b", "c"]) ids.push(...(await bench.accept(booking, "x", "acted")));
  const more = { concurrency: 1, breaker: { after: 3 }, retry: { firstMs: 1, maxMs: 1, forMs: 3_600_000 } };
  await bench.start(plannedSink("acted", actedSink(deliver), more));
  await vi.waitFor(async () => expect(await bench.ledger.holds()).toMatchObject([{ kind: "unavailable" }]));
  expect(deliver).toHaveBeenCalledTimes(3);

  bench.skew = 31_000;
  await bench.accept("d", "x", "acted");
  await vi.waitFor(() => expect(deliver).toHaveBeenCalledTimes(4));
  await vi.waitFor(async () =>
    expect((await bench.ledger.holds())[0]?.until).toBeGreaterThan(Date.now() + bench.skew + 50_000),
  );
  expect(deliver).toHaveBeenCalledTimes(4);

  isDown = false;
  bench.skew = 95_000;
  await bench.accept("e", "x", "acted");
  for (const id of ids) await bench.reaches(id, "delivered");
  expect(await bench.ledger.holds()).toEqual([]);
});
