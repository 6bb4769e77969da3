import { setTimeout as sleepFor } from "node:timers/promises";
import { LedgerUnavailable } from "../errors.ts";

export interface Batches<Item, Result> {
  /** Resolves once its batch is committed. */
  add(item: Item): Promise<Result>;
  /** Commits what has come, and takes no more. */
  close(): Promise<void>;
}

/**
 * How long a batch waits for company while the one before it had much: a transaction costs the database much the same for one as for many.
 * Where little comes, nothing waits.
 */
const LINGER_MS = 5;
const MUCH = 4;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly done: PromiseWithResolvers<Result>;
}

/**
 * Group commit: what comes while a batch is being committed is the next one. `run` returns a result for each item, in order. A batch that
 * the store cannot take fails whole, and with it all that waits: it would find no other store. Where it fails for any other reason, each of its items is tried alone, so that it fails for the one only.
 */
export function createBatches<Item, Result>(
  most: number,
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
): Batches<Item, Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let running: Promise<void> | undefined;
  let isClosed = false;

  async function runOn(): Promise<void> {
    // What comes in the same turn of the event loop goes along.
    await new Promise(setImmediate);
    let hadMuch = false;
    while (waiting.length > 0) {
      if (hadMuch && waiting.length < most) await sleepFor(LINGER_MS);
      hadMuch = waiting.length >= MUCH;
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await attempt(batch);
    }
    running = undefined;
  }

  function takeAll(): readonly Waiting<Item, Result>[] {
    const all = waiting;
    waiting = [];
    return all;
  }

  async function attempt(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await run(batch.map(({ item }) => item));
      for (const [at, { done }] of batch.entries()) done.resolve(results[at] as Result);
    } catch (error) {
      const isUnavailable = error instanceof LedgerUnavailable;
      if (!isUnavailable && batch.length > 1) for (const one of batch) await attempt([one]);
      else for (const { done } of isUnavailable ? [...batch, ...takeAll()] : batch) done.reject(error);
    }
  }

  return {
    add(item) {
      if (isClosed) return Promise.reject(new LedgerUnavailable("the ledger is closed"));
      const done = Promise.withResolvers<Result>();
      waiting.push({ item, done });
      running ??= runOn();
      return done.promise;
    },
    async close() {
      isClosed = true;
      await running;
    },
  };
}
