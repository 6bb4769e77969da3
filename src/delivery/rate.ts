/** `count` in `perMs` milliseconds. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

export interface RateLimit {
  /** Takes a turn in the lane and says how many milliseconds to wait for it. */
  reserve(lane: string): number;
}

const MOST_LANES = 1_000;

/**
 * A token bucket for each lane. It holds one second's worth, at least one: enough for a burst that vendors tolerate, too little to spend a
 * per-minute quota at once and then again as it refills.
 */
export function createRateLimit(rate: Rate | null, now: () => number): RateLimit {
  if (rate === null) return { reserve: () => 0 };
  const spacingMs = rate.perMs / rate.count;
  const burstMs = Math.max(0, 1_000 - spacingMs);
  /** When the lane's bucket would be full again had nobody else come. */
  const full = new Map<string, number>();

  return {
    reserve(lane) {
      const at = now();
      if (full.size > MOST_LANES) for (const [name, time] of full) if (time <= at) full.delete(name);
      const due = Math.max(full.get(lane) ?? 0, at);
      full.set(lane, due + spacingMs);
      return Math.max(0, due - burstMs - at);
    },
  };
}
