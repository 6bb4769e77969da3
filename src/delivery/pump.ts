export interface PumpOptions {
  /** Looks for work. Returns after how many milliseconds to look again; null when only a wake-up will bring more. */
  readonly look: () => Promise<number | null>;
  /** Hears what `look` threw; it is called again after a pause, which grows while it goes on throwing. */
  readonly onError: (error: unknown) => void;
}

export interface Pump {
  /** Cheap to call often. */
  wake(): void;
  /** Resolves once nothing looks any more. */
  close(): Promise<void>;
}

const LONGEST_SLEEP_MS = 60 * 60_000;
/** After an error, doubled with each one that follows. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/** Looks whenever it is woken, never twice at once; a wake-up during a look is answered by another look, so that none is lost. */
export function createPump({ look, onError }: PumpOptions): Pump {
  const closing = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let isWanted = false;
  let pauseMs = FIRST_PAUSE_MS;

  function wake(): void {
    isWanted = true;
    if (!closing.signal.aborted) looking ??= lookOn();
  }

  async function lookOn(): Promise<void> {
    while (isWanted && !closing.signal.aborted) {
      isWanted = false;
      clearTimeout(timer);
      const waitMs = await look().then(calm, pauseAfter);
      if (waitMs !== null) timer = setTimeout(wake, Math.min(LONGEST_SLEEP_MS, Math.max(0, waitMs)));
    }
    looking = undefined;
  }

  function calm(waitMs: number | null): number | null {
    pauseMs = FIRST_PAUSE_MS;
    return waitMs;
  }

  function pauseAfter(error: unknown): number {
    onError(error);
    const waitMs = pauseMs;
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    return waitMs;
  }

  return {
    wake,
    async close() {
      closing.abort();
      await looking;
      clearTimeout(timer);
    },
  };
}
