import { Unavailable } from "../sdk/index.ts";

/**
 * Runs one at a time what shares a key, in the order asked for. A turn whose signal aborts while it waits rejects with Unavailable, and not
 * an ambiguous one: nothing of it has been done.
 */
export function createSerially(): <T>(key: string, signal: AbortSignal, work: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<void>>();

  return async function serially(key, signal, work) {
    const before = tails.get(key) ?? Promise.resolve();
    const done = Promise.withResolvers<void>();
    const tail = before.then(() => done.promise);
    tails.set(key, tail);
    try {
      await Promise.race([aborted(signal), before]).catch((reason: unknown) => {
        throw new Unavailable("its turn did not come in time", { cause: reason });
      });
      return await work();
    } finally {
      done.resolve();
      if (tails.get(key) === tail) tails.delete(key);
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
