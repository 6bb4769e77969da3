import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import type { PlannedSink } from "../../src/delivery/plan.ts";
import type { Attempt } from "../../src/ledger/ledger.ts";
import { defineSink, Misconfigured, RateLimited, Rejected, Unavailable } from "../../src/sdk/index.ts";
import { chain, chainRelay } from "../support/chain.ts";
import { actedSink, plannedSink, workerBench, type Bench } from "../support/worker.ts";

// Promise: each event with its verdicts, and each attempt with what was sent, what came back, its outcome and duration, are on record, and no
// secret with them.

type Act = (signal: AbortSignal) => Promise<{ id?: string; answer?: unknown }>;

const CAME_BACK = { status: 418, body: "you said canary-secret" };
const TOOK_MS = 1_500;

const ACTS: readonly [string, Act, Partial<Attempt>][] = [
  ["is delivered", async () => ({ answer: CAME_BACK }), { outcome: "delivered", reason: null }],
  ["is refused", failing(Rejected, {}), { outcome: "rejected", reason: "it failed" }],
  ["finds nobody", failing(Unavailable, {}), { outcome: "unavailable", reason: "it failed" }],
  ["may have arrived", failing(Unavailable, { ambiguous: true }), { outcome: "unavailable", reason: "it failed" }],
  ["is to wait", failing(RateLimited, { retryAfter: 60 }), { outcome: "rate-limited", reason: "it failed" }],
  ["lacks a permission", failing(Misconfigured, {}), { outcome: "misconfigured", reason: "it failed" }],
];

test.each(ACTS)(
  "a try that %s is kept with what was sent, what came back and how long it took",
  async (_, act, kept) => {
    const { bench, attempt } = await tried(act);
    expect(attempt).toMatchObject({ ...kept, number: 1, message: { text: expect.stringContaining("Ada") } });
    expect(JSON.stringify(attempt.answer)).toContain('"status":418');
    expect(attempt.durationMs).toBeGreaterThanOrEqual(TOOK_MS);
    expect(await everythingOf(bench)).not.toContain("canary-secret");
  },
);

test.each<[string, Act, Partial<PlannedSink>, Partial<Attempt>]>([
  [
    "a defect of the plugin",
    () => Promise.reject(new TypeError("canary-secret is not a function")),
    {},
    { outcome: "unavailable", reason: "the sink plugin failed; the log has the error", answer: null },
  ],
  [
    "no answer in time",
    async (signal) => {
      await once(signal, "abort");
      throw signal.reason;
    },
    { timeoutMs: 20 },
    { outcome: "unavailable", reason: "no answer (TimeoutError)", answer: { code: "TimeoutError" } },
  ],
  [
    "nothing sent, for want of a variable",
    async () => ({}),
    { connection: null, missing: ["TOKEN"] },
    { outcome: "dry-run", reason: "dry run: TOKEN not set", answer: null },
  ],
])("a try that ends in %s is kept with its message and why", async (_, act, more, kept) => {
  const { bench, attempt } = await tried(act, more);
  expect(attempt).toMatchObject({ ...kept, message: { text: expect.stringContaining("Ada") } });
  expect(attempt.durationMs).toBeGreaterThanOrEqual(0);
  expect(await everythingOf(bench)).not.toContain("canary-secret");
});

test("a try that the relay's stop breaks off is kept, as no attempt used up", async () => {
  const bench = await workerBench("Hello {{ payload }}");
  const entered = Promise.withResolvers<undefined>();
  const plugin = actedSink(async (_message, { signal }) => {
    entered.resolve(undefined);
    await once(signal, "abort");
    throw signal.reason;
  });
  const [id = ""] = await bench.accept("one", "Ada", "acted");
  const worker = await bench.start(plannedSink("acted", plugin));
  await entered.promise;
  await worker.close(0);
  expect(await bench.ledger.attempts(id)).toMatchObject([
    { number: 1, outcome: "unavailable", message: { text: "Hello Ada" }, reason: "the relay was stopped meanwhile" },
  ]);
});

test("what is not sent because its target is gone is kept, saying so", async () => {
  const bench = await workerBench();
  const sink = plannedSink(
    "acted",
    actedSink(async () => undefined),
  );
  const worker = await bench.start(sink);
  worker.apply({ sinks: new Map([["acted", sink]]), targets: new Map() });
  const [id = ""] = await bench.accept("one", "x", "acted");
  await bench.reaches(id, "skipped");
  expect(await bench.ledger.attempts(id)).toMatchObject([
    { outcome: "skipped", message: null, reason: "the configuration no longer has the target route/acted" },
  ]);
});

test("a message that does not render is kept, saying what is wrong with it", async () => {
  const bench = await workerBench();
  const [id = ""] = await bench.accept("one", "x".repeat(51), "acted");
  await bench.start(
    plannedSink(
      "acted",
      actedSink(async () => undefined),
    ),
  );
  await bench.reaches(id, "dead");
  expect(await bench.ledger.attempts(id)).toMatchObject([
    { outcome: "rejected", message: null, reason: expect.stringContaining("text: ") },
  ]);
});

test("what is superseded, sent again by a person or replayed is added to the record, and replaces nothing of it", async () => {
  const table = await tableRelay();
  const [created = "", rescheduled = ""] = chain("recordedBooking01");
  await table.send([rescheduled, created]);
  const { ledger } = table.relay;
  const [late, first] = await ledger.deliveries({ limit: 2 });
  const before = await ledger.attempts(first?.id ?? "");
  expect(before).toMatchObject([{ number: 1, outcome: "delivered" }]);
  expect(await ledger.attempts(late?.id ?? "")).toMatchObject([
    { outcome: "skipped", message: { text: "BOOKING_CREATED" }, reason: `superseded by ${first?.event}` },
  ]);

  await ledger.retry({ ids: [first?.id ?? ""] });
  await table.settled();
  const [kept, again, ...more] = await ledger.attempts(first?.id ?? "");
  expect([kept]).toEqual(before);
  expect(again).toMatchObject({ outcome: "delivered" });
  expect(more).toEqual([]);

  await ledger.replay([{ event: first?.event ?? "", deliveries: [first ?? { route: "", target: "", sink: "" }] }]);
  await table.settled();
  const all = await ledger.deliveries({ event: first?.event, limit: 9 });
  expect(all.map(({ state }) => state)).toEqual(["delivered", "delivered"]);
  expect(await ledger.attempts(first?.id ?? "")).toEqual([kept, again]);
});

test("an event that no route wants is kept whole, with each route's reason", async () => {
  const table = await tableRelay();
  const body = '{"triggerEvent":"FORM_SUBMITTED","createdAt":"2026-11-23T09:00:00.000Z","payload":{"formId":"f1"}}';
  await table.send([body]);
  const [stored] = await table.relay.ledger.events({ limit: 1 });
  expect(stored).toMatchObject({ event: { body }, verdicts: [{ route: "bookings", matched: false }] });
  expect(await table.relay.ledger.deliveries({ limit: 9 })).toEqual([]);
});

test("a hold by a person and one by the relay show in the log and the metrics, and go on after a restart", async () => {
  const bench = await workerBench();
  await bench.ledger.hold({ sink: "paused", by: "person", kind: "paused", reason: "", since: 0, until: null });
  const sinks = [
    plannedSink(
      "paused",
      actedSink(async () => undefined),
    ),
    plannedSink(
      "limited",
      actedSink(() => Promise.reject(new RateLimited("HTTP 429", { retryAfter: 3_600 }))),
    ),
  ];
  const worker = await bench.start(...sinks);
  await bench.accept("one", "x", "paused", "limited");
  const held = 'cal_relay_sink_held{sink="limited",kind="rate-limited"} 1';
  await vi.waitFor(async () => expect(await bench.metrics.render()).toContain(held), { timeout: 10_000 });
  await worker.close(10_000);
  await bench.start(...sinks);
  expect(await bench.metrics.render()).toContain('cal_relay_sink_held{sink="paused",kind="paused"} 1');
  expect(await bench.metrics.render()).toContain(held);
  const [person, relay, ...others] = bench.lines.filter((line) => line.includes("sink held"));
  expect(person).toContain('"sink":"paused","kind":"paused","until":null,"msg":"sink held by a person"');
  expect(relay).toContain('"sink":"limited","kind":"rate-limited"');
  expect(others).toMatchObject([expect.stringContaining("sink held by a person")]);
});

/** The first attempt at a message that names a secret, by a plugin that acts so and takes its time. */
async function tried(act: Act, more: Partial<PlannedSink> = {}): Promise<{ bench: Bench; attempt: Attempt }> {
  const bench = await workerBench("Hello {{ payload }}");
  const plugin = actedSink(async (_message, { signal }) => {
    bench.skew += TOOK_MS;
    return act(signal);
  });
  const [id = ""] = await bench.accept("one", "Ada canary-secret", "acted");
  const worker = await bench.start(plannedSink("acted", plugin, more));
  const attempt = await vi.waitFor(
    async () => {
      const [first] = await bench.ledger.attempts(id);
      if (first === undefined) throw new Error("nothing is on record yet");
      return first;
    },
    { timeout: 10_000, interval: 5 },
  );
  await worker.close(0);
  return { bench, attempt };
}

/** All that is written of deliveries, apart from the event itself. */
async function everythingOf({ ledger, lines }: Bench): Promise<string> {
  const deliveries = await ledger.deliveries({ limit: 9 });
  const attempts = await Promise.all(deliveries.map(({ id }) => ledger.attempts(id)));
  return JSON.stringify([deliveries, attempts, await ledger.holds(), lines]);
}

function failing<Options>(
  Failure: new (message: string, options: Options & { answer: unknown }) => Error,
  options: Options,
): Act {
  return () => Promise.reject(new Failure("it failed", { ...options, answer: CAME_BACK }));
}

function tableRelay(): ReturnType<typeof chainRelay> {
  const table = defineSink({
    type: "table",
    title: "Table",
    connection: z.strictObject({}),
    message: z.strictObject({ text: z.string() }),
    secrets: [],
    keepsInStep: () => "row",
    open: () => Promise.resolve({ deliver: async () => ({ id: "row-1" }) }),
  });
  const yaml = `
sinks: { table: { type: table } }
routes: [{ name: bookings, on: "BOOKING_*", to: [{ sink: table, text: "{{ trigger }}" }] }]
`;
  return chainRelay(yaml, [table]);
}
