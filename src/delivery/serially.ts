import { setTimeout as sleepFor } from "node:timers/promises";
import type { WorkLedger } from "../ledger/ledger.ts";
import { Unavailable } from "../sdk/index.ts";

/** Between two tries at a lock that another relay has. */
const RETRY_MS = 100;

type Locks = Pick<WorkLedger, "lock" | "unlock">;

const noOtherRelay: Locks = { lock: () => Promise.resolve(true), unlock: () => Promise.resolve() };

/**
 * Runs one at a time what shares a key, in the order asked for; with `locks`, not while another relay does either. A turn whose signal aborts
 * while it waits rejects with Unavailable, and not an ambiguous one: nothing of it has been done.
 */
export function createSerially(
  locks: Locks = noOtherRelay,
): <T>(key: string, signal: AbortSignal, work: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<void>>();

  /** Waits for the one before, and for the lock. */
  async function take(key: string, signal: AbortSignal, before: Promise<void>): Promise<void> {
    await before;
    signal.throwIfAborted();
    while (!(await locks.lock(key))) await sleepFor(RETRY_MS, undefined, { signal });
  }

  /** A lock that cannot be given back now ends as the relay's leases do. */
  async function giveBack(key: string, taken: Promise<void>): Promise<void> {
    await taken.then(() => locks.unlock(key)).catch(() => undefined);
  }

  return async function serially(key, signal, work) {
    const before = tails.get(key) ?? Promise.resolve();
    const done = Promise.withResolvers<void>();
    const tail = before.then(() => done.promise);
    tails.set(key, tail);
    const taken = take(key, signal, before);
    try {
      await Promise.race([aborted(signal), taken]).catch((reason: unknown) => {
        throw new Unavailable("its turn did not come in time", { cause: reason });
      });
      return await work();
    } finally {
      void giveBack(key, taken).then(() => {
        done.resolve();
        if (tails.get(key) === tail) tails.delete(key);
      });
    }
  };
}

/** Rejects when the signal does; never resolves. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
