import { z } from "zod";
import { isOlder } from "../../event.ts";
import type { KnownBooking } from "../arrival.ts";
import { enqueue } from "./enqueue.ts";
import { advance, isRunning } from "./queue.ts";
import * as rows from "../rows.ts";
import type { Store } from "./store.ts";
import type { Wake } from "./writer.ts";

/** What a sink keeps of a target and booking, as it is stored: JSON, `value` being `null` in JSON where it keeps nothing. */
export interface Kept {
  readonly target: string;
  readonly value: string;
  readonly applied: string | null;
}

/**
 * Makes one booking of what had several keys, and returns the key that stays: the first under which something has been brought to a sink,
 * or may have been, since nothing can be taken back there; else the first. Runs inside a transaction.
 *
 * What waits is put into the one queue at its place in the order of acceptance. What runs under a lost key runs on as the queue's head; only
 * where the key that stays has one running too do the two end side by side, and `rejoin` brings the straggler in.
 */
export function unite(
  store: Store,
  keys: readonly string[],
  merge: (one: KnownBooking, other: KnownBooking) => KnownBooking,
  now: number,
  wake: Wake,
): string {
  const key = keys.find((one) => isAtSinks(store, one)) ?? keys[0] ?? "";
  for (const lost of keys.filter((one) => one !== key)) {
    store.run("UPDATE united SET key = ? WHERE key = ?", key, lost);
    store.run("INSERT INTO united (lost, key) VALUES (?, ?)", lost, key);
    mergeKnown(store, key, lost, merge);
    for (const sink of sinksOf(store)) requeue(store, sink, key, lost, wake);
    for (const kept of memoryOf(store, lost)) {
      store.run("DELETE FROM memory WHERE target = ? AND booking_key = ?", kept.target, lost);
      handOver(store, kept, key, now, wake);
    }
  }
  return key;
}

/**
 * Gives what a sink kept of a lost key to the one that stays, which keeps its own where it has any: later events go on with the thing that
 * exists. A view that is newer than what the key that stays has brought to the target is delivered again, under that key.
 */
export function handOver(store: Store, { target, value, applied }: Kept, key: string, now: number, wake: Wake): void {
  const own = readMemory(store, target, key);
  store.run(
    `INSERT INTO memory (target, booking_key, value, applied) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT DO UPDATE SET value = iif(value = 'null', ?3, value), applied = coalesce(applied, ?4)`,
    target,
    key,
    value,
    applied,
  );
  const brought = rows.applied.parse(applied);
  const newest = rows.applied.parse(own?.applied ?? null);
  if (brought === null || (newest !== null && !isOlder(newest.recency, brought.recency))) return;
  deliverAgain(store, brought.event, target, key, now, wake);
}

function isAtSinks(store: Store, key: string): boolean {
  if (memoryOf(store, key).length > 0) return true;
  return sinksOf(store).some(
    (sink) =>
      store.get(
        `SELECT 1 FROM deliveries INDEXED BY deliveries_queue
         WHERE sink = ? AND booking_key = ? AND settled_at IS NULL AND (state = 'running' OR maybe_delivered = 1)`,
        sink,
        key,
      ) !== undefined,
  );
}

function requeue(store: Store, sink: string, key: string, lost: string, wake: Wake): void {
  const staysBehind = isRunning(store, sink, lost) && isRunning(store, sink, key);
  store.run(
    "UPDATE deliveries SET head = 0 WHERE sink = ? AND booking_key = ? AND settled_at IS NULL AND state = 'waiting' AND head = 1",
    sink,
    key,
  );
  store.run(
    `UPDATE deliveries SET booking_key = ?, head = (state = 'running')
     WHERE sink = ? AND booking_key = ? AND settled_at IS NULL AND (state = 'waiting' OR NOT ?)`,
    key,
    sink,
    lost,
    Number(staysBehind),
  );
  advance(store, { sink, bookingKey: key }, wake);
}

function mergeKnown(
  store: Store,
  key: string,
  lost: string,
  merge: (one: KnownBooking, other: KnownBooking) => KnownBooking,
): void {
  const other = readKnown(store, lost);
  if (other === null) return;
  const one = readKnown(store, key);
  writeKnown(store, key, one === null ? other : merge(one, other));
  store.run("DELETE FROM bookings WHERE key = ?", lost);
}

/** Nothing where the event or its delivery has been swept. */
function deliverAgain(store: Store, event: string, target: string, key: string, now: number, wake: Wake): void {
  const row = store.get(
    `SELECT e.id, e.trigger, e.received_at AS receivedAt, d.route, d.sink,
            (SELECT count(*) FROM deliveries WHERE deliveries.event = e.id) AS stored
     FROM events AS e JOIN deliveries AS d ON d.event = e.id WHERE e.id = ? AND d.target = ? LIMIT 1`,
    event,
    target,
  );
  if (row === undefined) return;
  const { route, sink, stored, ...origin } = again.parse(row);
  enqueue(store, { ...origin, bookingKey: key }, [{ route, target, sink }], stored + 1, now, wake);
}

export function readKnown(store: Store, key: string): KnownBooking | null {
  const row = store.get("SELECT known FROM bookings WHERE key = ?", key);
  return row === undefined ? null : rows.known.parse(row).known;
}

export function writeKnown(store: Store, key: string, known: KnownBooking): void {
  store.run(
    "INSERT INTO bookings VALUES (?, ?) ON CONFLICT DO UPDATE SET known = excluded.known",
    key,
    JSON.stringify(known),
  );
}

/** Every sink that ever had a delivery. */
function sinksOf(store: Store): string[] {
  return store.all("SELECT DISTINCT sink FROM backlog").map((row) => named.parse(row).sink);
}

/** One look-up for each target there is: memory is kept in the order of targets, and of these there are few. */
function memoryOf(store: Store, key: string): Kept[] {
  return store
    .all(
      `WITH RECURSIVE targets (target) AS (
         SELECT min(target) FROM memory
         UNION ALL SELECT (SELECT min(target) FROM memory WHERE target > targets.target) FROM targets WHERE target IS NOT NULL
       )
       SELECT m.target, m.value, m.applied FROM targets JOIN memory AS m ON m.target = targets.target AND m.booking_key = ?`,
      key,
    )
    .map((row) => kept.parse(row));
}

function readMemory(store: Store, target: string, key: string): Kept | undefined {
  const row = store.get("SELECT target, value, applied FROM memory WHERE target = ? AND booking_key = ?", target, key);
  return row === undefined ? undefined : kept.parse(row);
}

const kept: z.ZodType<Kept> = z.object({ target: z.string(), value: z.string(), applied: z.string().nullable() });

const named = z.object({ sink: z.string() });
const again = z.object({
  id: z.string(),
  trigger: z.string().nullable(),
  receivedAt: z.number(),
  route: z.string(),
  sink: z.string(),
  stored: z.number(),
});
