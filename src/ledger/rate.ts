/** `count` in `perMs` milliseconds. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

/**
 * A token bucket. It holds one second's worth, at least one: enough for a burst that vendors tolerate, too little to spend a per-minute quota
 * at once and then again as it refills.
 */
export function bucketOf({ count, perMs }: Rate): { readonly spacingMs: number; readonly burstMs: number } {
  const spacingMs = perMs / count;
  return { spacingMs, burstMs: Math.max(0, 1_000 - spacingMs) };
}

const MOST_LANES = 1_000;

/** Takes turns in buckets that this process keeps, one for each lane of a sink. Returns how many milliseconds to wait for the turn. */
export function createTurns(now: () => number): (sink: string, lane: string, rate: Rate) => number {
  /** When a bucket would be full again had nobody else come. */
  const full = new Map<string, number>();

  return function turn(sink, lane, rate) {
    const at = now();
    const { spacingMs, burstMs } = bucketOf(rate);
    const name = `${sink} ${lane}`;
    if (full.size > MOST_LANES) for (const [other, time] of full) if (time <= at) full.delete(other);
    const due = Math.max(full.get(name) ?? 0, at);
    full.set(name, due + spacingMs);
    return Math.max(0, due - burstMs - at);
  };
}
