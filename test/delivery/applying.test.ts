import { expect, test, vi } from "vitest";
import type { Plan, PlannedSink } from "../../src/delivery/plan.ts";
import { createRenderer } from "../../src/rendering/renderer.ts";
import { actedSink, plannedSink, workerBench } from "../support/worker.ts";

const { template } = createRenderer({ timeZone: "UTC", locale: "en" }).compile({ text: "new" });

function plan(...sinks: readonly PlannedSink[]): Plan {
  return {
    sinks: new Map(sinks.map((sink) => [sink.name, sink])),
    targets: new Map(sinks.map(({ name }) => [`route/${name}`, { route: "route", template }])),
  };
}

test("a sink that is the same stays open, and what waits renders with the new plan", async () => {
  const bench = await workerBench();
  const seen: string[] = [];
  const plugin = actedSink(async ({ text }) => {
    seen.push(text);
    return undefined;
  });
  const open = vi.spyOn(plugin, "open");
  const worker = await bench.start(plannedSink("acted", plugin));
  const [first = ""] = await bench.accept("one", "old", "acted");
  await bench.reaches(first, "delivered");
  expect(worker.apply(plan(plannedSink("acted", plugin)))).toEqual({ added: [], changed: [], gone: [] });
  const [second = ""] = await bench.accept("one", "old", "acted");
  await bench.reaches(second, "delivered");
  expect(seen).toEqual(["old", "new"]);
  expect(open).toHaveBeenCalledOnce();
});

test("a changed sink starts anew once what it runs is finished", async () => {
  const bench = await workerBench();
  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const order: string[] = [];
  const before = actedSink(
    async () => {
      asked.resolve();
      await gate.promise;
      order.push("old finished");
      return undefined;
    },
    { close: async () => void order.push("old closed") },
  );
  const after = actedSink(async () => {
    order.push("new delivers");
    return undefined;
  });
  const worker = await bench.start(plannedSink("acted", before, { concurrency: 1 }));
  await bench.accept("one", "x", "acted");
  const [second = ""] = await bench.accept("two", "x", "acted");
  await asked.promise;
  expect(worker.apply(plan(plannedSink("acted", after)))).toMatchObject({ changed: ["acted"] });
  gate.resolve();
  await bench.reaches(second, "delivered");
  expect(order).toEqual(["old finished", "old closed", "new delivers"]);
});

test("what waits for a sink that is gone goes on waiting, until the sink is back", async () => {
  const bench = await workerBench();
  const sink = plannedSink(
    "acted",
    actedSink(async () => undefined),
  );
  const worker = await bench.start(sink);
  expect(worker.apply(plan())).toMatchObject({ gone: ["acted"] });
  const [id = ""] = await bench.accept("one", "x", "acted");
  expect(await bench.ledger.delivery(id)).toMatchObject({ state: "waiting", attempts: 0 });
  expect(worker.apply(plan(sink))).toMatchObject({ added: ["acted"] });
  expect(await bench.reaches(id, "delivered")).toMatchObject({ attempts: 1 });
});

test("what waits for a target that is gone is skipped, saying so", async () => {
  const bench = await workerBench();
  const sink = plannedSink(
    "acted",
    actedSink(async () => undefined),
  );
  const worker = await bench.start(sink);
  worker.apply({ ...plan(sink), targets: new Map() });
  const [id = ""] = await bench.accept("one", "x", "acted");
  expect((await bench.reaches(id, "skipped")).reason).toContain("no longer has the target route/acted");
});

test("a sink held for attention is tried at once when asked to", async () => {
  const bench = await workerBench();
  const sink = plannedSink(
    "acted",
    actedSink(async () => undefined),
  );
  const worker = await bench.start(sink);
  const hold = { sink: "acted", by: "relay", kind: "misconfigured", reason: "no scope", since: 0 } as const;
  await bench.ledger.hold({ ...hold, until: Date.now() + 300_000 });
  await worker.probe();
  const [id = ""] = await bench.accept("one", "x", "acted");
  expect(await bench.reaches(id, "delivered")).toMatchObject({ attempts: 1 });
});
