import type { Attempt, Lease, Next, Settlement } from "../ledger.ts";
import { count } from "./count.ts";
import { advance, rejoin } from "./queue.ts";
import * as rows from "../rows.ts";
import type { Store } from "./store.ts";
import { handOver } from "./unite.ts";
import type { Wake } from "./writer.ts";

/** Records the attempt and moves the delivery on; false when the lease was lost. Runs inside a transaction. */
export function settle(store: Store, claim: Lease, settlement: Settlement, now: number, wake: Wake): boolean {
  const { attempt, next } = settlement;
  const moved = move(store, claim, attempt, next, now);
  if (moved === undefined) return false;
  const { seq, bookingKey } = moved;
  if (next.state !== "waiting") {
    count(store, claim.delivery.sink, "waiting", -1);
    count(store, claim.delivery.sink, next.state, 1);
  }
  store.run(
    `INSERT INTO attempts (delivery, number, started_at, duration_ms, outcome, message, answer, reason)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    seq,
    attempt.number,
    attempt.startedAt,
    attempt.durationMs,
    attempt.outcome,
    JSON.stringify(attempt.message),
    JSON.stringify(attempt.answer),
    attempt.reason,
  );
  remember(store, claim, settlement, bookingKey, now, wake);
  if (bookingKey === claim.delivery.bookingKey) advance(store, claim.delivery, wake);
  else rejoin(store, moved, wake);
  return true;
}

/** What is undefined stays as it is; nothing is written where both are. */
function remember(
  store: Store,
  { delivery }: Lease,
  { memory, applied }: Settlement,
  bookingKey: string,
  now: number,
  wake: Wake,
): void {
  if (memory === undefined && applied === undefined) return;
  const { target } = delivery;
  const [value, last] = [memory, applied].map((one) => (one === undefined ? null : JSON.stringify(one)));
  // What a sink did for a key that has been lost meanwhile is not the booking's only thing there, maybe.
  if (bookingKey !== delivery.bookingKey)
    return handOver(store, { target, value: value ?? "null", applied: last ?? null }, bookingKey, now, wake);
  store.run(
    `INSERT INTO memory (target, booking_key, value, applied) VALUES (?1, ?2, coalesce(?3, 'null'), ?4)
     ON CONFLICT DO UPDATE SET value = coalesce(?3, value), applied = coalesce(?4, applied)`,
    target,
    bookingKey,
    value ?? null,
    last ?? null,
  );
}

/** A delivery that waits again keeps its place in its queue: what comes after it in its booking waits with it. */
function move(store: Store, { delivery, lease }: Lease, attempt: Attempt, next: Next, now: number) {
  const waits = next.state === "waiting";
  const used = !waits || next.usedAttempt;
  const row = store.get(
    `UPDATE deliveries SET state = ?, head = 0, due_at = ?, attempts = attempts + ?, first_attempt_at = coalesce(first_attempt_at, ?),
       maybe_delivered = ?, reason = ?, settled_at = ?
     WHERE id = ? AND state = 'running' AND lease = ? RETURNING sink, ${rows.LIVE_KEY} AS bookingKey, seq`,
    next.state,
    waits ? next.dueAt : delivery.dueAt,
    Number(used),
    used ? attempt.startedAt : null,
    Number(maybeDelivered(delivery.maybeDelivered, next)),
    next.state === "delivered" ? null : attempt.reason,
    waits ? null : now,
    delivery.id,
    lease,
  );
  return row === undefined ? undefined : rows.queued.parse(row);
}

/** An earlier try that may have arrived is not undone by a later one that certainly did not. */
function maybeDelivered(before: boolean, next: Next): boolean {
  if (next.state === "delivered") return false;
  return before || (next.state === "waiting" && next.maybeDelivered);
}
