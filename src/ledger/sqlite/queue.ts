import { z } from "zod";
import type { Lease } from "../ledger.ts";
import * as rows from "../rows.ts";
import type { Store } from "./store.ts";
import type { Wake } from "./writer.ts";

// Only the head of a queue (a sink's unsettled deliveries of one booking key) is ever claimed, so a claim reads as many rows as it
// returns, however much waits behind the heads.

/** Leases what is due, oldest due first. */
export function claim(
  store: Store,
  sink: string,
  { limit, concurrency }: { readonly limit: number; readonly concurrency: number },
  now: number,
): rows.ClaimRow[] {
  const due = store.all(
    `SELECT ${rows.DELIVERY_COLUMNS}, d.seq, d.lease + 1 AS lease, e.event AS eventJson, e.body, m.value AS memory, m.applied
     FROM deliveries AS d INDEXED BY deliveries_claimable
     JOIN events AS e ON e.id = d.event
     LEFT JOIN memory AS m ON m.target = d.target AND m.booking_key = d.booking_key
     WHERE d.sink = ? AND d.head = 1 AND d.state = 'waiting' AND d.due_at <= ?
     ORDER BY d.due_at, d.seq LIMIT ?`,
    sink,
    now,
    Math.max(0, Math.min(limit, concurrency - countRunning(store, sink))),
  );
  return due.map(({ seq, ...row }) => {
    store.run("UPDATE deliveries SET state = 'running', lease = lease + 1 WHERE seq = ?", seq ?? null);
    return { ...row, state: "running" };
  });
}

function countRunning(store: Store, sink: string): number {
  const row = store.get(
    "SELECT count(*) AS running FROM deliveries INDEXED BY deliveries_running WHERE sink = ? AND state = 'running'",
    sink,
  );
  return running.parse(row).running;
}

const running = z.object({ running: z.number() });

/** Puts a claimed delivery back as it was. Does nothing when the lease was lost. */
export function release(store: Store, { delivery, lease }: Lease, wake: Wake): void {
  const held = store.get(
    `UPDATE deliveries SET state = 'waiting', head = 0 WHERE id = ? AND state = 'running' AND lease = ?
     RETURNING sink, ${rows.LIVE_KEY} AS bookingKey, seq`,
    delivery.id,
    lease,
  );
  if (held !== undefined) rejoin(store, rows.queued.parse(held), wake);
}

export function nextDue(store: Store, sink: string): number | null {
  const row = store.get(
    `SELECT due_at AS dueAt FROM deliveries INDEXED BY deliveries_claimable
     WHERE sink = ? AND head = 1 AND state = 'waiting' ORDER BY due_at LIMIT 1`,
    sink,
  );
  return row === undefined ? null : rows.due.parse(row).dueAt;
}

/**
 * What ran when the process died may have arrived: it is told so, and is due as before, which is ahead of what has waited since. A sink
 * that can look only so far back finds it.
 */
export function recover(store: Store, now: number): void {
  const interrupted = store.all(
    `UPDATE deliveries SET state = 'waiting', head = 0, due_at = min(due_at, ?), maybe_delivered = 1 WHERE state = 'running'
     RETURNING sink, ${rows.LIVE_KEY} AS bookingKey, seq`,
    now,
  );
  for (const row of interrupted) rejoin(store, rows.queued.parse(row), () => undefined);
}

/** Puts a delivery that ran, maybe under a key that has been lost meanwhile, back into the queue that it belongs to. */
export function rejoin(
  store: Store,
  { seq, sink, bookingKey }: { readonly seq: number; readonly sink: string; readonly bookingKey: string },
  wake: Wake,
): void {
  store.run("UPDATE deliveries SET booking_key = ?1 WHERE seq = ?2 AND booking_key <> ?1", bookingKey, seq);
  advance(store, { sink, bookingKey }, wake);
}

/**
 * Makes the earliest unsettled delivery of a queue its head, unless one of the queue is running: that keeps its place until it is settled,
 * even where a person has put back an earlier one meanwhile. Call after every change to a queue other than adding to its end; what has run
 * is no head any more by then, so that a head there is was the earliest before this one change, and is the second at most.
 */
export function advance(
  store: Store,
  { sink, bookingKey }: { readonly sink: string; readonly bookingKey: string },
  wake: Wake,
): void {
  if (isRunning(store, sink, bookingKey)) return;
  const [front, second] = store
    .all(
      `SELECT seq, head FROM deliveries INDEXED BY deliveries_queue
       WHERE sink = ? AND booking_key = ? AND settled_at IS NULL ORDER BY seq LIMIT 2`,
      sink,
      bookingKey,
    )
    .map((row) => place.parse(row));
  if (front === undefined || front.head === 1) return;
  if (second?.head === 1) store.run("UPDATE deliveries SET head = 0 WHERE seq = ?", second.seq);
  store.run("UPDATE deliveries SET head = 1 WHERE seq = ?", front.seq);
  wake(sink);
}

const place = z.object({ seq: z.number(), head: z.number() });

export function isRunning(store: Store, sink: string, bookingKey: string): boolean {
  const row = store.get(
    "SELECT 1 FROM deliveries INDEXED BY deliveries_running WHERE sink = ? AND booking_key = ? AND state = 'running'",
    sink,
    bookingKey,
  );
  return row !== undefined;
}
