import { Slots } from "../slots.ts";

export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** Rejects with the signal's reason when a sink has not come back soon after it. Never resolves. */
  readonly over: Promise<never>;
}

/** How long a sink may take to come back after its deadline, with a better error of its own, before it is left behind. */
const PATIENCE_MS = 1_000;

const OVER = new Error("the attempt is over");

/** Aborts after `ms` or with one of `ends`. A controller of its own, so that nothing of it outlives the attempt on what is long-lived. */
export function deadline(ms: number, ...ends: readonly AbortSignal[]): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const over = Promise.withResolvers<never>();
  let patience: NodeJS.Timeout | undefined;

  function end(reason: unknown): void {
    if (signal.aborted) return;
    controller.abort(reason);
    patience = setTimeout(() => over.reject(reason), PATIENCE_MS);
  }

  const timer = setTimeout(() => end(new DOMException(`no answer within ${ms} ms`, "TimeoutError")), ms);
  const forgets = ends.map((one) => listen(one, () => end(one.reason)));
  return {
    signal,
    over: over.promise,
    [Symbol.dispose]() {
      clearTimeout(timer);
      clearTimeout(patience);
      for (const forget of forgets) forget();
      // Ends what the attempt has left open, such as the body of an answer that nobody read.
      if (!signal.aborted) controller.abort(OVER);
    },
  };
}

const listeners = new WeakMap<AbortSignal, Slots<() => void>>();

/**
 * Calls back when a long-lived signal aborts, at once where it has. One listener of the signal serves all: it keeps its own in a chain, in
 * which an attempt that is over can hold the next one in memory.
 */
function listen(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) listener();
  const known = listeners.get(signal);
  const all = known ?? new Slots();
  const place = all.put(listener);
  if (known === undefined) {
    listeners.set(signal, all);
    signal.addEventListener("abort", () => [...all].forEach((one) => one()), { once: true });
  }
  return () => void all.take(place);
}
