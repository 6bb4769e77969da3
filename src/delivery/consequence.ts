import type { Hold, Next } from "../ledger/ledger.ts";
import type { SinkFailure } from "../sdk/index.ts";
import { boundedWait, retryAt, type RetryPolicy } from "./retry.ts";

/** What follows from a failed try: where the delivery goes, and whether the whole sink is held. */
export interface Consequence {
  readonly next: Next;
  readonly hold: Omit<Hold, "sink" | "by"> | null;
}

export interface FailedTry {
  readonly failure: SinkFailure;
  readonly policy: RetryPolicy;
  /** Attempts used before this one. */
  readonly attempts: number;
  readonly firstAttemptAt: number | null;
  /** Whether this try or one before it may have arrived. */
  readonly maybeDelivered: boolean;
  readonly startedAt: number;
  readonly now: number;
  readonly random: number;
}

/** How long a sink that needs someone's attention rests between two probes. */
export const PROBE_EVERY_MS = 5 * 60_000;

/** The four outcomes of delivery.md's table, made of states and times. Pure. */
export function consequenceOf(failed: FailedTry): Consequence {
  const { failure, now } = failed;
  switch (failure.outcome) {
    case "rejected":
      return { next: { state: "dead" }, hold: null };
    case "misconfigured": {
      const until = now + PROBE_EVERY_MS;
      return {
        next: waiting(now, failed.maybeDelivered, false),
        hold: { kind: "misconfigured", reason: failure.message, since: now, until },
      };
    }
    case "rate-limited": {
      const until = now + boundedWait(failure.retryAfter * 1000);
      return {
        next: waiting(until, failed.maybeDelivered, false),
        hold: { kind: "rate-limited", reason: failure.message, since: now, until },
      };
    }
    case "unavailable": {
      const dueAt = retryAt({
        policy: failed.policy,
        attempts: failed.attempts + 1,
        firstAttemptAt: failed.firstAttemptAt ?? failed.startedAt,
        now,
        random: failed.random,
        retryAfterMs: failure.retryAfter === undefined ? undefined : failure.retryAfter * 1000,
      });
      return { next: dueAt === null ? { state: "dead" } : waiting(dueAt, failed.maybeDelivered, true), hold: null };
    }
  }
}

function waiting(dueAt: number, maybeDelivered: boolean, usedAttempt: boolean): Next {
  return { state: "waiting", dueAt, maybeDelivered, usedAttempt };
}
