import type { WorkLedger } from "./ledger.ts";

export interface Retention {
  close(): Promise<void>;
}

const EVERY_MS = 10 * 60_000;
/** Small, so that no commit of it makes a webhook wait. */
const BATCH = 200;

/** Deletes what is older than `retentionMs` says and settled, now and every ten minutes. `onError` hears of a ledger that does not answer. */
export function startRetention(options: {
  readonly ledger: WorkLedger;
  readonly retentionMs: () => number;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}): Retention {
  const { ledger, retentionMs, now, onError } = options;
  const closing = new AbortController();
  let sweeping = sweep();
  const timer = setInterval(() => {
    sweeping = sweeping.then(sweep);
  }, EVERY_MS);

  async function sweep(): Promise<void> {
    try {
      while (!closing.signal.aborted && (await ledger.sweep(now() - retentionMs(), BATCH)) === BATCH);
    } catch (error) {
      onError(error);
    }
  }

  return {
    async close() {
      closing.abort();
      clearInterval(timer);
      await sweeping;
    },
  };
}
