import { PROBE_EVERY_MS } from "./consequence.ts";
import type { Access } from "./hold.ts";

export interface Breaker {
  /** A try that found the sink unavailable. Returns how many milliseconds the sink is to be left alone; null: not at all. */
  failed(bookingKey: string, access: Access): number | null;
  worked(): void;
}

const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 10 * 60_000;

/**
 * Counts failures in a row. `after` of them, over at least two bookings, since one booking may be at fault itself, are a sink that is down:
 * it rests, and each probe that fails doubles the rest.
 */
export function createBreaker({ after }: { readonly after: number }): Breaker {
  let failures = 0;
  let restMs = FIRST_REST_MS;
  const bookings = new Set<string>();

  function reset(): void {
    failures = 0;
    bookings.clear();
  }

  return {
    failed(bookingKey, access) {
      // Tries that were under way when the sink was held say nothing new.
      if (access.state === "held") return null;
      if (access.state === "probe") {
        if (access.kind === "misconfigured") return PROBE_EVERY_MS;
        restMs = Math.min(LONGEST_REST_MS, restMs * 2);
        return restMs;
      }
      failures += 1;
      if (bookings.size < 2) bookings.add(bookingKey);
      if (failures < after || bookings.size < 2) return null;
      reset();
      restMs = FIRST_REST_MS;
      return restMs;
    },
    worked: reset,
  };
}
