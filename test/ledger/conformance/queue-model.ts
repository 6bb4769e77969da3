import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Claim, Delivery, Ledger } from "../../../src/ledger/ledger.ts";
import { again, arrival, dead, delivered, MINUTE, START } from "../samples.ts";
import type { Scene } from "../scene.ts";

const SINKS = ["crm", "chat"] as const;

interface Waiting {
  readonly id: string;
  readonly sink: string;
  readonly booking: string;
  readonly order: number;
  state: "waiting" | "running" | "settled";
  dueAt: number;
  claim?: Claim;
}

type Step = { readonly run: (world: World) => Promise<void> };

/** Does random steps to a ledger and to a plain model of it, and compares what can be claimed after each. */
export async function queueProperty(start: () => Promise<Scene>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const world = new World(await start());
      for (const { run } of steps) {
        await run(world);
        await world.compare();
      }
    }),
    { numRuns: 30 },
  );
}

class World {
  readonly deliveries: Waiting[] = [];
  readonly #ledger: Ledger;
  readonly #clock: { time: number };
  #events = 0;

  constructor({ ledger, clock }: Scene) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  async accept(booking: string, sinks: readonly string[]): Promise<void> {
    const id = `e${++this.#events}`;
    await this.#ledger.accept(arrival({ id, booking, sinks, receivedAt: START + this.#events }));
    for (const [index, sink] of sinks.entries())
      this.deliveries.push({
        id: `dlv_${id}-${index + 1}`,
        sink,
        booking,
        order: this.deliveries.length,
        state: "waiting",
        dueAt: this.#clock.time,
      });
  }

  async claim(sink: string, limit: number): Promise<void> {
    const claimable = this.#claimable(sink);
    const claims = await this.#ledger.claim(sink, limit, 1_000);
    const claimed = claimable.filter(({ id }) => claims.some(({ delivery }) => delivery.id === id));
    assert.deepEqual(
      claims.map(({ delivery }) => delivery.id),
      claimed.map(({ id }) => id),
    );
    // Those that are due in the same second come in any order.
    assert.deepEqual(
      claimed.map(({ dueAt }) => dueAt),
      claimable.slice(0, limit).map(({ dueAt }) => dueAt),
    );
    for (const one of claimed)
      Object.assign(one, { state: "running", claim: claims.find(({ delivery }) => delivery.id === one.id) });
  }

  async settle(pick: number, how: "delivered" | "dead" | "again" | "released"): Promise<void> {
    const running = this.deliveries.filter(({ state }) => state === "running");
    const one = running[pick % running.length];
    if (one?.claim === undefined) return;
    const dueAt = this.#clock.time + MINUTE;
    one.state = how === "again" || how === "released" ? "waiting" : "settled";
    if (how === "again") one.dueAt = dueAt;
    if (how === "released") return await this.#ledger.release(one.claim);
    const settlement = { delivered, dead, again: again(dueAt) }[how];
    assert.equal(await this.#ledger.settle(one.claim, settlement), true);
  }

  async retry(pick: number): Promise<void> {
    const one = this.deliveries[pick % this.deliveries.length];
    if (one === undefined) return;
    assert.equal(await this.#ledger.retry({ ids: [one.id] }), one.state === "settled" ? 1 : 0);
    if (one.state === "settled") Object.assign(one, { state: "waiting", dueAt: this.#clock.time });
  }

  wait(): Promise<void> {
    this.#clock.time += MINUTE;
    return Promise.resolve();
  }

  async compare(): Promise<void> {
    for (const sink of SINKS) {
      const heads = this.#heads(sink);
      assert.equal(await this.#ledger.nextDue(sink), heads[0]?.dueAt ?? null);
    }
    const running = await this.#ledger.deliveries({ state: "running", limit: 1_000 });
    const queues = running.map(({ sink, bookingKey }: Delivery) => `${sink} ${bookingKey}`);
    assert.equal(new Set(queues).size, queues.length);
    assert.equal(running.length, this.deliveries.filter(({ state }) => state === "running").length);
    await this.#compareBacklog();
  }

  async #compareBacklog(): Promise<void> {
    const counted = await this.#ledger.backlog();
    const all = await this.#ledger.deliveries({ limit: 10_000 });
    const counts = Map.groupBy(all, ({ sink, state }) => `${sink} ${state}`);
    assert.deepEqual(
      new Map(counted.map(({ sink, state, count }) => [`${sink} ${state}`, count])),
      new Map([...counts].map(([kind, { length }]) => [kind, length])),
    );
  }

  #claimable(sink: string): Waiting[] {
    return this.#heads(sink).filter(({ dueAt }) => dueAt <= this.#clock.time);
  }

  /** The earliest unsettled of each booking, unless one of that booking runs; oldest due first. */
  #heads(sink: string): Waiting[] {
    const open = this.deliveries.filter((one) => one.sink === sink && one.state !== "settled");
    return open
      .filter((one) => {
        const queue = open.filter(({ booking }) => booking === one.booking);
        return queue[0] === one && queue.every(({ state }) => state === "waiting");
      })
      .toSorted((a, b) => a.dueAt - b.dueAt || a.order - b.order);
  }
}

const sink = fc.constantFrom(...SINKS);
const booking = fc.constantFrom("a", "b", "c");
const pick = fc.nat(1_000);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: action(fc.tuple(booking, fc.array(sink, { maxLength: 3 })), (world, given) => world.accept(...given)),
  },
  {
    weight: 4,
    arbitrary: action(fc.tuple(sink, fc.integer({ min: 1, max: 3 })), (world, given) => world.claim(...given)),
  },
  {
    weight: 4,
    arbitrary: action(
      fc.tuple(pick, fc.constantFrom("delivered" as const, "dead" as const, "again" as const, "released" as const)),
      (world, given) => world.settle(...given),
    ),
  },
  { weight: 2, arbitrary: action(pick, (world, given) => world.retry(given)) },
  { weight: 1, arbitrary: action(fc.constant(null), (world) => world.wait()) },
);

function action<T>(given: fc.Arbitrary<T>, run: (world: World, given: T) => Promise<void>): fc.Arbitrary<Step> {
  return given.map((value) => ({
    run: (world) => run(world, value),
    toString: () => `${String(run)} ${JSON.stringify(value)}`,
  }));
}
