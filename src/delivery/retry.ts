/** When a failed delivery is tried again: `firstMs` × 2ⁿ up to `maxMs`, ± 25 %, until `forMs` after the first attempt. */
export interface RetryPolicy {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly forMs: number;
}

const JITTER = 0.25;
const LEAST_WAIT_MS = 1_000;
const MOST_WAIT_MS = 24 * 3_600_000;

/**
 * When to try again, in epoch milliseconds; null when the retry time has run out. `attempts` counts the failed one; `random` is in [0, 1).
 * The last try falls on the end of the retry time, so that the whole of it is used.
 */
export function retryAt(options: {
  readonly policy: RetryPolicy;
  readonly attempts: number;
  readonly firstAttemptAt: number;
  readonly now: number;
  readonly random: number;
  readonly retryAfterMs?: number | undefined;
}): number | null {
  const { policy, attempts, firstAttemptAt, now, random, retryAfterMs } = options;
  const end = firstAttemptAt + policy.forMs;
  if (now >= end) return null;
  if (retryAfterMs !== undefined) return now + boundedWait(retryAfterMs);
  const base = Math.min(policy.maxMs, policy.firstMs * 2 ** Math.min(attempts - 1, 52));
  const wait = base * (1 - JITTER + 2 * JITTER * random);
  return Math.min(end, Math.round(now + wait));
}

/** A wait that someone else asked for: at least a second, at most a day. What is no number counts as a second. */
export function boundedWait(waitMs: number): number {
  if (Number.isNaN(waitMs)) return LEAST_WAIT_MS;
  return Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, Math.round(waitMs)));
}
