import { expect, test, vi } from "vitest";
import { Misconfigured, RateLimited, Rejected, Unavailable, type SinkDelivery } from "../../src/sdk/index.ts";
import { actedSink, plannedSink, workerBench } from "../support/worker.ts";

test("renders, delivers and records what was sent and what came back", async () => {
  const bench = await workerBench("Hello {{ payload }}");
  const [id = ""] = await bench.accept("one", "Ada", "acted");
  await bench.start(
    plannedSink(
      "acted",
      actedSink(async () => ({ id: "msg-1" })),
    ),
  );
  await bench.reaches(id, "delivered");
  expect(await bench.ledger.attempts(id)).toMatchObject([
    { number: 1, outcome: "delivered", message: { text: "Hello Ada" }, answer: { id: "msg-1" }, reason: null },
  ]);
});

test("keeps the order of a booking through failures, and lets other bookings pass", async () => {
  const bench = await workerBench();
  const seen: unknown[] = [];
  let failures = 3;
  const plugin = actedSink(async ({ text }) => {
    if (text === "a1" && failures-- > 0) throw new Unavailable("not yet");
    seen.push(text);
    return undefined;
  });
  await bench.accept("a", "a1", "acted");
  const [last = ""] = await bench.accept("a", "a2", "acted");
  await bench.accept("b", "b1", "acted");
  await bench.start(plannedSink("acted", plugin));
  await bench.reaches(last, "delivered");
  expect(seen).toEqual(["b1", "a1", "a2"]);
});

test("never runs two deliveries of one booking at once, nor more than the sink's concurrency", async () => {
  const bench = await workerBench();
  const running = new Set<string>();
  let most = 0;
  const clashes: string[] = [];
  const plugin = actedSink(async (_message, { bookingKey }) => {
    if (running.has(bookingKey)) clashes.push(bookingKey);
    running.add(bookingKey);
    most = Math.max(most, running.size);
    await new Promise((resolve) => setImmediate(resolve));
    running.delete(bookingKey);
    return undefined;
  });
  const ids: string[] = [];
  for (let index = 0; index < 60; index++) ids.push(...(await bench.accept(`booking-${index % 7}`, "x", "acted")));
  await bench.start(plannedSink("acted", plugin, { concurrency: 3 }));
  for (const id of ids) await bench.reaches(id, "delivered");
  expect(clashes).toEqual([]);
  expect(most).toBe(3);
});

test("a sink that hangs costs another nothing", async () => {
  const bench = await workerBench();
  const [, healthy = ""] = await bench.accept("one", "x", "hanging", "healthy");
  await bench.start(
    plannedSink(
      "hanging",
      actedSink(() => new Promise(() => undefined)),
    ),
    plannedSink(
      "healthy",
      actedSink(async () => undefined),
    ),
  );
  expect(await bench.reaches(healthy, "delivered")).toMatchObject({ attempts: 1 });
});

test("a sink that ignores its deadline is left behind and tried again, told that it may have arrived", async () => {
  const bench = await workerBench();
  const tries: Pick<SinkDelivery, "attempt" | "maybeDelivered">[] = [];
  const plugin = actedSink((_message, { attempt, maybeDelivered }) => {
    tries.push({ attempt, maybeDelivered });
    return attempt === 1 ? new Promise(() => undefined) : Promise.resolve(undefined);
  });
  const [id = ""] = await bench.accept("one", "x", "acted");
  await bench.start(plannedSink("acted", plugin, { timeoutMs: 20 }));
  await bench.reaches(id, "delivered");
  expect(tries).toEqual([
    { attempt: 1, maybeDelivered: false },
    { attempt: 2, maybeDelivered: true },
  ]);
});

test("a rejected message is dead at once, with the reason, and the booking's next one goes on", async () => {
  const bench = await workerBench();
  const plugin = actedSink(async ({ text }) => {
    if (text === "bad") throw new Rejected("no such channel");
    return undefined;
  });
  const [bad = ""] = await bench.accept("one", "bad", "acted");
  const [good = ""] = await bench.accept("one", "good", "acted");
  await bench.start(plannedSink("acted", plugin));
  await bench.reaches(good, "delivered");
  expect(await bench.ledger.delivery(bad)).toMatchObject({ state: "dead", reason: "no such channel", attempts: 1 });
});

test("a message that does not fit the sink is dead, naming the field", async () => {
  const bench = await workerBench();
  const [id = ""] = await bench.accept("one", "x".repeat(51), "acted");
  await bench.start(
    plannedSink(
      "acted",
      actedSink(async () => undefined),
    ),
  );
  expect((await bench.reaches(id, "dead")).reason).toContain("Acted message: text: ");
});

test("a rate limit holds the whole sink until then and uses up no attempt", async () => {
  const bench = await workerBench();
  let isLimited = true;
  const plugin = actedSink(async () => {
    if (isLimited) throw new RateLimited("HTTP 429", { retryAfter: 3600 });
    return undefined;
  });
  const [first = ""] = await bench.accept("one", "x", "acted");
  await bench.start(plannedSink("acted", plugin));
  await vi.waitFor(async () => expect(await bench.ledger.holds()).toMatchObject([{ kind: "rate-limited" }]));
  expect(await bench.reaches(first, "waiting")).toMatchObject({ attempts: 0 });
  const [second = ""] = await bench.accept("two", "x", "acted");
  expect(await bench.ledger.delivery(second)).toMatchObject({ state: "waiting", attempts: 0 });

  isLimited = false;
  bench.skew = 3_601_000;
  const [third = ""] = await bench.accept("three", "x", "acted");
  for (const id of [first, second, third]) await bench.reaches(id, "delivered");
  expect(await bench.ledger.holds()).toEqual([]);
});

test("a misconfigured sink is held, probed with one delivery, and goes on once mended", async () => {
  const bench = await workerBench();
  let isBroken = true;
  const tried: string[] = [];
  const plugin = actedSink(async ({ text }) => {
    tried.push(text);
    if (isBroken) throw new Misconfigured("the token was revoked");
    return undefined;
  });
  const ids: string[] = [];
  for (const text of ["1", "2", "3"]) ids.push(...(await bench.accept(text, text, "acted")));
  await bench.start(plannedSink("acted", plugin, { concurrency: 1 }));
  await vi.waitFor(async () =>
    expect(await bench.ledger.holds()).toMatchObject([
      { sink: "acted", by: "relay", kind: "misconfigured", reason: "the token was revoked" },
    ]),
  );
  expect(tried).toEqual(["1"]);
  isBroken = false;
  bench.skew = 5 * 60_000 + 1;
  ids.push(...(await bench.accept("4", "4", "acted")));
  for (const id of ids) await bench.reaches(id, "delivered");
  expect(await bench.ledger.holds()).toEqual([]);
});

test("restarting probes a misconfigured sink at once", async () => {
  const bench = await workerBench();
  const hold = { sink: "acted", by: "relay", kind: "misconfigured", reason: "no scope", since: 0 } as const;
  await bench.ledger.hold({ ...hold, until: Date.now() + 300_000 });
  const [id = ""] = await bench.accept("one", "x", "acted");
  await bench.start(
    plannedSink(
      "acted",
      actedSink(async () => undefined),
    ),
  );
  expect(await bench.reaches(id, "delivered")).toMatchObject({ attempts: 1 });
});

test("a person's pause lets deliveries wait, and lifting it lets them go", async () => {
  const bench = await workerBench();
  await bench.ledger.hold({ sink: "acted", by: "person", kind: "paused", reason: "", since: 0, until: null });
  const [id = ""] = await bench.accept("one", "x", "acted");
  const [other = ""] = await bench.accept("one", "x", "other");
  await bench.start(
    plannedSink(
      "acted",
      actedSink(async () => undefined),
    ),
    plannedSink(
      "other",
      actedSink(async () => undefined),
    ),
  );
  await bench.reaches(other, "delivered");
  expect(await bench.ledger.delivery(id)).toMatchObject({ state: "waiting", attempts: 0 });
  await bench.ledger.lift("acted", "person");
  await bench.reaches(id, "delivered");
});
