import { z } from "zod";
import type { KnownBooking } from "../arrival.ts";
import { bookOf, writeViews } from "./book.ts";
import type { Transaction } from "./database.ts";
import { handOver, memoryOf } from "./memory.ts";
import { advance } from "./queue.ts";
import type { Wake } from "./wake.ts";

/**
 * Makes one booking of what had several keys, and returns the key that stays: the first under which something has been brought to a sink,
 * or may have been, since nothing can be taken back there; else the first. The transaction holds all of them.
 *
 * What waits is put into the one queue at its place in the order of acceptance. What runs under a lost key runs on as the queue's head; only
 * where the key that stays has one running too do the two end side by side, and settling brings the straggler in.
 */
export async function unite(
  tx: Transaction,
  keys: readonly string[],
  merge: (one: KnownBooking, other: KnownBooking) => KnownBooking,
  now: number,
  wake: Wake,
): Promise<string> {
  const key = (await firstAtSinks(tx, keys)) ?? keys[0] ?? "";
  for (const lost of keys.filter((one) => one !== key)) {
    await tx.run("UPDATE cal_relay.united SET key = $1 WHERE key = $2", key, lost);
    await tx.run("INSERT INTO cal_relay.united (lost, key) VALUES ($1, $2)", lost, key);
    await mergeKnown(tx, key, lost, merge);
    await requeue(tx, key, lost, wake);
    for (const kept of await memoryOf(tx, lost)) {
      await tx.run("DELETE FROM cal_relay.memory WHERE target = $1 AND booking_key = $2", kept.target, lost);
      await handOver(tx, kept, key, now, wake);
    }
  }
  return key;
}

/** Waits for claims that are just being made, so that what they take is seen to run. */
async function firstAtSinks(tx: Transaction, keys: readonly string[]): Promise<string | undefined> {
  await tx.rows(
    "SELECT id FROM cal_relay.deliveries WHERE booking_key = ANY($1) AND settled_at IS NULL ORDER BY seq FOR UPDATE",
    keys,
  );
  for (const key of keys) {
    const [row] = await tx.rows(
      `SELECT 1 WHERE EXISTS (SELECT 1 FROM cal_relay.memory WHERE booking_key = $1) OR EXISTS (
         SELECT 1 FROM cal_relay.deliveries
         WHERE booking_key = $1 AND settled_at IS NULL AND (state = 'running' OR maybe_delivered)
       )`,
      key,
    );
    if (row !== undefined) return key;
  }
  return undefined;
}

async function requeue(tx: Transaction, key: string, lost: string, wake: Wake): Promise<void> {
  await tx.run(
    `UPDATE cal_relay.deliveries SET head = false, job = NULL
     WHERE booking_key = ANY($1) AND settled_at IS NULL AND state = 'waiting' AND head`,
    [key, lost],
  );
  await tx.run(
    `UPDATE cal_relay.deliveries AS d SET booking_key = $1
     WHERE d.booking_key = $2 AND d.settled_at IS NULL AND (d.state = 'waiting' OR NOT EXISTS (
       SELECT 1 FROM cal_relay.deliveries AS r WHERE r.sink = d.sink AND r.booking_key = $1 AND r.state = 'running'
     ))`,
    key,
    lost,
  );
  const queued = await tx.rows(
    `SELECT DISTINCT sink FROM cal_relay.deliveries WHERE booking_key = $1 AND settled_at IS NULL`,
    key,
  );
  await advance(
    tx,
    queued.map((row) => ({ sink: named.parse(row).sink, bookingKey: key })),
    wake,
  );
}

async function mergeKnown(
  tx: Transaction,
  key: string,
  lost: string,
  merge: (one: KnownBooking, other: KnownBooking) => KnownBooking,
): Promise<void> {
  const book = await bookOf(tx, [key, lost]);
  const other = book.known(lost);
  if (other === null) return;
  const one = book.known(key);
  await writeViews(tx, new Map([[key, one === null ? other : merge(one, other)]]));
  await tx.run("DELETE FROM cal_relay.bookings WHERE key = $1", lost);
}

const named = z.object({ sink: z.string() });
