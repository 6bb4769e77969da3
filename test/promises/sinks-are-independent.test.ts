import { once } from "node:events";
import { expect, onTestFinished, test, vi } from "vitest";
import type { PlannedSink } from "../../src/delivery/plan.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { RateLimited, Rejected, type SinkPlugin } from "../../src/sdk/index.ts";
import { actedSink, plannedSink, workerBench, type Bench } from "../support/worker.ts";

// Promise: a sink that is slow, down or held costs other sinks nothing, neither a worker slot nor latency. What a delivery waits for is the
// same beside sinks in every kind of trouble as it is alone. `npm run bench -- fairness` measures what that comes to.

const TROUBLED = ["hanging", "timing-out", "refusing", "limited", "defective", "paused"];
/** More than a sink's slots. */
const BACKLOG = 6;

const PATIENCE = { timeout: 10_000, interval: 5 };

test("a delivery takes the same steps beside troubled sinks as alone, and waits for nothing of theirs", async () => {
  const alone = await stage();
  await alone.start();
  const steps = await alone.stepsOf(() => alone.bench.accept("booking", "x", "well"));
  expect(steps).toEqual(["claim 4", "next due", "deliver", "settle", "claim 4", "next due"]);

  const beside = await stage();
  await beside.startTroubled();
  beside.shut();
  for (let round = 0; round < 20; round++)
    expect(await beside.stepsOf(() => beside.bench.accept(`${round % 5}`, "x", ...TROUBLED, "well"))).toEqual(steps);
});

test("a sink has all of its slots while the others have taken theirs", async () => {
  const { bench, ...beside } = await stage();
  const full = Promise.withResolvers<undefined>();
  const running = new Set<string>();
  let most = 0;
  const wellSink = actedSink(async (_message, { id }) => {
    running.add(id);
    most = Math.max(most, running.size);
    if (most === 3) full.resolve(undefined);
    await full.promise;
    running.delete(id);
    return undefined;
  });
  await beside.startTroubled(plannedSink("well", wellSink, { concurrency: 3 }));
  const ids: string[] = [];
  for (let index = 0; index < 12; index++) ids.push(...(await bench.accept(`well ${index}`, "x", "well")));
  for (const id of ids) await bench.reaches(id, "delivered");
  expect(most).toBe(3);
});

test("once their trouble is over the troubled sinks are given all that waited, but for what they refused", async () => {
  const { bench, ...beside } = await stage();
  await beside.startTroubled();
  beside.end();
  await bench.ledger.lift("paused", "person");
  bench.skew = 31_000;
  await bench.accept("late", "x", ...TROUBLED);
  await vi.waitFor(async () => {
    const open = (await bench.ledger.backlog()).filter(({ state }) => state === "waiting" || state === "running");
    expect(open).toEqual([]);
  }, PATIENCE);
  const lost = (await bench.ledger.backlog()).filter(({ state }) => state !== "delivered");
  expect(lost).toMatchObject([{ sink: "refusing", state: "dead", count: BACKLOG }]);
});

interface Stage {
  readonly bench: Bench;
  /** Starts the sink `well`. */
  start(): Promise<void>;
  /** Starts it, or this one, beside sinks in every kind of trouble, and waits until each of them is in its own. */
  startTroubled(well?: PlannedSink): Promise<void>;
  /** From now on the ledger leaves whatever is asked of it for a troubled sink unanswered, until the trouble ends. */
  shut(): void;
  end(): void;
  /** What is done for the sink `well` until it has delivered what `accept` accepts, and has looked for more. */
  stepsOf(accept: () => Promise<unknown>): Promise<readonly string[]>;
}

async function stage(): Promise<Stage> {
  const steps: string[] = [];
  const trouble = createTrouble();
  const bench = await workerBench("{{ payload }}", (ledger) => watched(ledger, steps, trouble));
  const wellSink = actedSink(async () => void steps.push("deliver"));

  async function start(...sinks: readonly PlannedSink[]): Promise<void> {
    await bench.start(...sinks);
    // Runs before the worker is closed, which waits for what it has begun.
    onTestFinished(() => trouble.end());
    await vi.waitFor(() => expect(steps.at(-1)).toBe("next due"), PATIENCE);
  }

  return {
    bench,
    start: () => start(plannedSink("well", wellSink)),
    async startTroubled(well = plannedSink("well", wellSink)) {
      await bench.ledger.hold({ sink: "paused", by: "person", kind: "paused", reason: "", since: 0, until: null });
      await start(...troubledSinks(trouble), well);
      await inTrouble(bench);
    },
    shut: () => trouble.shut(),
    end: () => trouble.end(),
    async stepsOf(accept) {
      steps.length = 0;
      await accept();
      return vi.waitFor(() => {
        expect(steps.slice(steps.indexOf("settle") + 1).at(-1)).toBe("next due");
        return [...steps];
      }, PATIENCE);
    },
  };
}

interface Trouble {
  readonly isOver: boolean;
  readonly isShut: boolean;
  readonly over: Promise<undefined>;
  shut(): void;
  end(): void;
}

function createTrouble(): Trouble {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const state = { isOver: false, isShut: false };
  return Object.assign(state, {
    over: promise,
    shut: () => void (state.isShut = true),
    end() {
      state.isOver = true;
      resolve(undefined);
    },
  });
}

/** Writes down what is asked for the sink `well`; once shut, what is asked for any other waits for the end of the trouble. */
function watched(ledger: Ledger, steps: string[], trouble: Trouble): Ledger {
  async function step<T>(sink: string, name: string, go: () => Promise<T>): Promise<T> {
    if (sink === "well") steps.push(name);
    else if (trouble.isShut) await trouble.over;
    return go();
  }

  return {
    ...ledger,
    claim: (sink, limit, most) => step(sink, `claim ${limit}`, () => ledger.claim(sink, limit, most)),
    nextDue: (sink) => step(sink, "next due", () => ledger.nextDue(sink)),
    settle: (claim, settlement) => step(claim.delivery.sink, "settle", () => ledger.settle(claim, settlement)),
    release: (claim) => step(claim.delivery.sink, "release", () => ledger.release(claim)),
    hold: (hold) => step(hold.sink, "hold", () => ledger.hold(hold)),
    lift: (sink, by) => step(sink, "lift", () => ledger.lift(sink, by)),
  };
}

function troubledSinks(trouble: Trouble): readonly PlannedSink[] {
  const failing = (fail: (signal: AbortSignal) => unknown): SinkPlugin =>
    actedSink(async (_message, { signal }) => {
      if (!trouble.isOver) await fail(signal);
      return undefined;
    });
  const raise = (error: Error) => failing(() => Promise.reject(error));
  const timeOut = failing(async (signal) => {
    await once(signal, "abort");
    signal.throwIfAborted();
  });
  return [
    plannedSink(
      "hanging",
      failing(() => trouble.over),
      { timeoutMs: 60_000 },
    ),
    plannedSink("timing-out", timeOut, { timeoutMs: 10 }),
    plannedSink("refusing", raise(new Rejected("no such channel"))),
    plannedSink("limited", raise(new RateLimited("HTTP 429", { retryAfter: 30 }))),
    plannedSink("defective", raise(new TypeError("undefined is not a function"))),
    plannedSink(
      "paused",
      failing(() => undefined),
    ),
  ];
}

/** Each of the sinks has a backlog, and has shown its trouble. */
async function inTrouble(bench: Bench): Promise<void> {
  const { ledger } = bench;
  for (let index = 0; index < BACKLOG; index++) await bench.accept(`booking ${index}`, "x", ...TROUBLED);
  await vi.waitFor(async () => {
    expect(await ledger.backlog()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ sink: "hanging", state: "running", count: 4 }),
        expect.objectContaining({ sink: "refusing", state: "dead", count: BACKLOG }),
        expect.objectContaining({ sink: "limited", state: "waiting", count: BACKLOG }),
        expect.objectContaining({ sink: "paused", state: "waiting", count: BACKLOG }),
      ]),
    );
    expect((await ledger.holds()).map(({ sink }) => sink)).toContain("limited");
    for (const sink of ["timing-out", "defective"])
      expect(await ledger.deliveries({ sink, limit: 100 })).toContainEqual(
        expect.objectContaining({ maybeDelivered: true }),
      );
  }, PATIENCE);
}
