import { z } from "zod";
import type { Replay } from "../ledger.ts";
import { bookOf } from "./book.ts";
import type { Database, Transaction } from "./database.ts";
import { enqueue, type Enqueued } from "./enqueue.ts";
import { liveKeys } from "./keys.ts";
import type { Wake } from "./wake.ts";

const origin = z.object({
  id: z.string(),
  trigger: z.string().nullable(),
  receivedAt: z.number(),
  bookingKey: z.string(),
  stored: z.number(),
});

/** Gives stored events new deliveries, in this order; returns how many. */
export async function replay(tx: Transaction, replays: readonly Replay[], now: number, wake: Wake): Promise<number> {
  const ids = replays.map(({ event }) => event);
  const keys = await tx.rows('SELECT booking_key AS "bookingKey" FROM cal_relay.events WHERE id = ANY($1)', ids);
  const live = await liveKeys(
    tx,
    keys.map((row) => keyed.parse(row).bookingKey),
  );
  // An event's deliveries come and go with it, so the places up to their number are taken. Counted once its booking is held.
  const rows = await tx.rows(
    `SELECT id, trigger, received_at AS "receivedAt", booking_key AS "bookingKey",
            (SELECT count(*) FROM cal_relay.deliveries AS d WHERE d.event = e.id) AS stored
     FROM cal_relay.events AS e WHERE id = ANY($1) FOR KEY SHARE`,
    ids,
  );
  const stored = new Map(rows.map((row) => origin.parse(row)).map((one) => [one.id, one]));
  const places = new Map<string, number>();
  const additions: Enqueued[] = replays.flatMap(({ event, deliveries }) => {
    const from = stored.get(event);
    if (from === undefined) return [];
    const { stored: before, ...rest } = from;
    const taken = places.get(event) ?? before;
    places.set(event, taken + deliveries.length);
    const bookingKey = live.get(from.bookingKey) ?? from.bookingKey;
    return [{ origin: { ...rest, bookingKey }, deliveries, from: taken + 1 }];
  });
  await enqueue(tx, additions, await bookOf(tx, [...live.values()]), now, null, wake);
  return additions.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
}

const keyed = z.object({ bookingKey: z.string() });

export async function receivedSince(database: Database, since: number): Promise<string[]> {
  const rows = await database.rows(
    "SELECT id FROM cal_relay.events WHERE received_at >= $1 ORDER BY received_at, seq",
    since,
  );
  return rows.map((row) => z.object({ id: z.string() }).parse(row).id);
}
