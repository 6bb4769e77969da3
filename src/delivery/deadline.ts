export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** Rejects with the signal's reason when a sink has not come back soon after it. Never resolves. */
  readonly over: Promise<never>;
}

/** How long a sink may take to come back after its deadline, with a better error of its own, before it is left behind. */
const PATIENCE_MS = 1_000;

/** Aborts after `ms` or with `stop`. A controller of its own, so that nothing of it outlives the attempt on the long-lived `stop`. */
export function deadline(ms: number, stop: AbortSignal): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const over = Promise.withResolvers<never>();
  let patience: NodeJS.Timeout | undefined;

  function end(reason: unknown): void {
    if (signal.aborted) return;
    controller.abort(reason);
    patience = setTimeout(() => over.reject(reason), PATIENCE_MS);
  }

  const onStop = (): void => end(stop.reason);
  const timer = setTimeout(() => end(new DOMException(`no answer within ${ms} ms`, "TimeoutError")), ms);
  if (stop.aborted) onStop();
  else stop.addEventListener("abort", onStop, { once: true });
  return {
    signal,
    over: over.promise,
    [Symbol.dispose]() {
      clearTimeout(timer);
      clearTimeout(patience);
      stop.removeEventListener("abort", onStop);
    },
  };
}
