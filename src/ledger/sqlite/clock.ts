import { z } from "zod";
import { unavailable } from "./failure.ts";
import type { Store } from "./store.ts";

// Times in the ledger are those of a clock that people and NTP set. One that goes forward makes things due early, which harms nobody. One
// that goes back would let everything wait until it has caught up; so what waits for a later time is moved back by as much.

/** Less is no jump: what is due waits no longer than this for a clock that was set back by it. */
const LEAST_MS = 5_000;
const WATCH_MS = 250;

export interface ClockWatch {
  /** Epoch milliseconds, which may jump. */
  readonly now: () => number;
  /** Milliseconds that never jump. */
  readonly steady: () => number;
  /** By how much it went forward; negative where it was set back. Asked again where the store is unavailable. */
  readonly onJump: (jumpMs: number) => void;
}

/** Looks for jumps of the clock, compared with one that nobody sets. Returns how to stop. */
export function watchClock({ now, steady, onJump }: ClockWatch): () => void {
  let known = now() - steady();
  const timer = setInterval(() => {
    const current = now() - steady();
    try {
      if (Math.abs(current - known) >= LEAST_MS) onJump(current - known);
      known = current;
    } catch (error) {
      if (unavailable(error) === undefined) throw error;
    }
  }, WATCH_MS).unref();
  return () => clearInterval(timer);
}

/** Follows a clock that was set back while no relay ran: the newest time on record was the present once. Runs inside a transaction. */
export function catchUp(store: Store, now: number): void {
  const aheadMs = newest(store) - now;
  if (aheadMs >= LEAST_MS) setBack(store, now, aheadMs);
}

/** Moves whatever waits for a later time than now. Runs inside a transaction. */
export function setBack(store: Store, now: number, byMs: number): void {
  store.run(
    "UPDATE deliveries INDEXED BY deliveries_queue SET due_at = due_at - ? WHERE settled_at IS NULL AND due_at > ?",
    byMs,
    now,
  );
  store.run("UPDATE holds SET until = until - ? WHERE until > ?", byMs, now);
  // A hold that seems to begin later than the try that proves the sink well would not be lifted by it.
  store.run("UPDATE holds SET since = ? WHERE since > ?", now, now);
}

/** When the last event was received or the last try began; 0 where nothing is on record. */
function newest(store: Store): number {
  const row = store.get(
    `SELECT max(coalesce((SELECT max(received_at) FROM events), 0),
                coalesce((SELECT started_at FROM attempts ORDER BY seq DESC LIMIT 1), 0)) AS newest`,
  );
  return z.object({ newest: z.number() }).parse(row).newest;
}
