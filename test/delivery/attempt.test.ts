import { expect, test, vi } from "vitest";
import { defineSink, Unavailable, type SinkDelivery } from "../../src/sdk/index.ts";
import { actedSink, plannedSink, workerBench } from "../support/worker.ts";

test("a sink without its variables renders, records and sends nothing", async () => {
  const bench = await workerBench("Hello {{ payload }}");
  const deliver = vi.fn(async () => undefined);
  const [id = ""] = await bench.accept("one", "Ada", "acted");
  await bench.start(plannedSink("acted", actedSink(deliver), { connection: null, missing: ["TOKEN"] }));
  expect((await bench.reaches(id, "skipped")).reason).toBe("dry run: TOKEN not set");
  expect(await bench.ledger.attempts(id)).toMatchObject([{ outcome: "dry-run", message: { text: "Hello Ada" } }]);
  expect(deliver).not.toHaveBeenCalled();
});

test("a sink without its variables runs dry too where its message does not fit for want of them", async () => {
  const bench = await workerBench("{{ payload }}");
  const [id = ""] = await bench.accept("one", "x".repeat(51), "acted");
  const sink = actedSink(async () => undefined);
  await bench.start(plannedSink("acted", sink, { connection: null, missing: ["DATABASE_ID"] }));
  const { reason } = await bench.reaches(id, "skipped");
  expect(reason).toMatch(/^dry run: DATABASE_ID not set; the rendered message does not fit Acted message: text: /);
});

test("a delivery whose target is no longer configured is skipped and says so", async () => {
  const bench = await workerBench();
  const sink = plannedSink(
    "acted",
    actedSink(async () => undefined),
  );
  const first = await bench.start(sink);
  await first.close(0);
  const [id = ""] = await bench.accept("one", "x", "renamed");
  await bench.start({ ...sink, name: "renamed" });
  await bench.reaches(id, "delivered");
  const [orphan = ""] = await bench.accept("one", "x", "acted");
  expect(await bench.ledger.delivery(orphan)).toMatchObject({ state: "waiting" });
});

test("what a sink remembers of a booking is there at its next delivery, and at no other booking's", async () => {
  const bench = await workerBench();
  const remembered: unknown[] = [];
  const plugin = actedSink(async ({ text }, { memory }) => {
    remembered.push([text, memory.get()]);
    memory.set({ last: text });
    return undefined;
  });
  const ids: string[] = [];
  for (const [booking, text] of [
    ["a", "a1"],
    ["b", "b1"],
    ["a", "a2"],
  ] as const)
    ids.push(...(await bench.accept(booking, text, "acted")));
  await bench.start(plannedSink("acted", plugin, { concurrency: 1 }));
  for (const id of ids) await bench.reaches(id, "delivered");
  expect(remembered).toEqual(
    expect.arrayContaining([
      ["a1", undefined],
      ["b1", undefined],
      ["a2", { last: "a1" }],
    ]),
  );
});

test("what a sink remembered before it failed is kept", async () => {
  const bench = await workerBench();
  const remembered: unknown[] = [];
  const plugin = actedSink(async (_message, { memory, attempt }) => {
    remembered.push(memory.get());
    memory.set({ attempt });
    if (attempt === 1) throw new Unavailable("after writing", { ambiguous: true });
    return undefined;
  });
  const [id = ""] = await bench.accept("one", "x", "acted");
  await bench.start(plannedSink("acted", plugin));
  await bench.reaches(id, "delivered");
  expect(remembered).toEqual([undefined, { attempt: 1 }]);
});

test("a plugin that throws something of its own is reported as defective, without its message, and tried again", async () => {
  const bench = await workerBench();
  const plugin = actedSink(async ({ text }, { attempt }) => {
    if (attempt === 1) throw new TypeError(`cannot read ${text}`);
    return undefined;
  });
  const [id = ""] = await bench.accept("one", "guest@example.com", "acted");
  await bench.start(plannedSink("acted", plugin));
  await bench.reaches(id, "delivered");
  expect(await bench.ledger.attempts(id)).toMatchObject([{ outcome: "unavailable" }, { outcome: "delivered" }]);
  const defect = bench.lines.find((line) => line.includes("the sink plugin failed"));
  expect(JSON.parse(defect ?? "{}")).toMatchObject({ level: "error", error: "TypeError", plugin: "acted" });
  expect(bench.lines.join("")).not.toContain("guest@example.com");
});

test("a plugin that fails before anything was sent leaves no doubt about it", async () => {
  const bench = await workerBench();
  const told: boolean[] = [];
  const works = actedSink(async (_message, { maybeDelivered }) => {
    told.push(maybeDelivered);
    return undefined;
  });
  let tries = 0;
  const plugin = defineSink({
    ...works,
    open(connection, host) {
      tries += 1;
      return tries === 1 ? Promise.reject(new TypeError("no such module")) : works.open(connection, host);
    },
  });
  const [id = ""] = await bench.accept("one", "x", "acted");
  await bench.start(plannedSink("acted", plugin));
  await bench.reaches(id, "delivered");
  expect(told).toEqual([false]);
});

test("a sink that hangs while it opens is opened anew by the next try", async () => {
  const bench = await workerBench();
  const works = actedSink(async () => undefined);
  let openings = 0;
  const plugin = defineSink({
    ...works,
    open(connection, host) {
      openings += 1;
      return openings === 1 ? new Promise<never>(() => undefined) : works.open(connection, host);
    },
  });
  const [id = ""] = await bench.accept("one", "x", "acted");
  await bench.start(plannedSink("acted", plugin, { timeoutMs: 20 }));
  await bench.reaches(id, "delivered");
  expect(openings).toBe(2);
});

test("one log line an attempt, with ids and names and no word of the message", async () => {
  const bench = await workerBench();
  const [id = ""] = await bench.accept("one", "guest@example.com", "acted");
  await bench.start(
    plannedSink(
      "acted",
      actedSink(async () => undefined),
    ),
  );
  await bench.reaches(id, "delivered");
  const lines = bench.lines.filter((line) => line.includes('"msg":"attempt"'));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "{}")).toMatchObject({
    delivery: id,
    route: "route",
    sink: "acted",
    attempt: 1,
    outcome: "delivered",
  });
  expect(bench.lines.join("")).not.toContain("guest@example.com");
});

test("masks secrets in what is recorded", async () => {
  const bench = await workerBench();
  const plugin = actedSink(async () => ({ id: "said canary-secret" }));
  const [id = ""] = await bench.accept("one", "canary-secret", "acted");
  await bench.start(plannedSink("acted", plugin));
  await bench.reaches(id, "delivered");
  expect(JSON.stringify(await bench.ledger.attempts(id))).not.toContain("canary-secret");
});

test("a plugin whose answer is not JSON still has its attempt recorded", async () => {
  const bench = await workerBench();
  const loop: { id?: string; self?: unknown } = {};
  loop.self = loop;
  const [id = ""] = await bench.accept("one", "x", "acted");
  await bench.start(
    plannedSink(
      "acted",
      actedSink(async () => loop),
    ),
  );
  await bench.reaches(id, "delivered");
  expect(await bench.ledger.attempts(id)).toMatchObject([{ outcome: "delivered", answer: "(not JSON)" }]);
});

test("stopping lets what runs finish within the grace", async () => {
  const bench = await workerBench();
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const closed = vi.fn(async () => undefined);
  const plugin = actedSink(
    async () => {
      entered.resolve();
      await gate.promise;
      return undefined;
    },
    { close: closed },
  );
  const [id = ""] = await bench.accept("one", "x", "acted");
  const worker = await bench.start(plannedSink("acted", plugin));
  await entered.promise;
  const stopped = worker.close(10_000);
  gate.resolve();
  await stopped;
  expect(await bench.ledger.delivery(id)).toMatchObject({ state: "delivered" });
  expect(closed).toHaveBeenCalledOnce();
});

test("stopping hands back what does not finish, as possibly delivered, with no attempt used up", async () => {
  const bench = await workerBench();
  const entered = Promise.withResolvers<void>();
  const plugin = actedSink((_message, { signal }: SinkDelivery) => {
    entered.resolve();
    return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  const [id = ""] = await bench.accept("one", "x", "acted");
  const worker = await bench.start(plannedSink("acted", plugin));
  await entered.promise;
  await worker.close(0);
  expect(await bench.ledger.delivery(id)).toMatchObject({ state: "waiting", maybeDelivered: true, attempts: 0 });
});
