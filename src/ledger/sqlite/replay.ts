import { z } from "zod";
import type { Replay } from "../ledger.ts";
import { enqueue, type Origin } from "./enqueue.ts";
import * as rows from "../rows.ts";
import type { Store } from "./store.ts";
import type { Wake } from "./writer.ts";

const origin: z.ZodType<Origin & { readonly stored: number }> = z.object({
  id: z.string(),
  trigger: z.string().nullable(),
  receivedAt: z.number(),
  bookingKey: z.string(),
  stored: z.number(),
});

/** Gives stored events new deliveries, in this order; returns how many. Runs inside a transaction. */
export function replay(store: Store, replays: readonly Replay[], now: number, wake: Wake): number {
  let count = 0;
  for (const { event, deliveries } of replays) {
    const row = store.get(
      `SELECT id, trigger, received_at AS receivedAt, ${rows.LIVE_KEY} AS bookingKey,
              (SELECT count(*) FROM deliveries WHERE deliveries.event = events.id) AS stored
       FROM events WHERE id = ?`,
      event,
    );
    if (row === undefined) continue;
    const { stored, ...from } = origin.parse(row);
    // An event's deliveries come and go with it, so the places up to their number are taken.
    enqueue(store, from, deliveries, stored + 1, now, wake);
    count += deliveries.length;
  }
  return count;
}

export function receivedSince(store: Store, since: number): string[] {
  return store
    .all("SELECT id FROM events WHERE received_at >= ? ORDER BY received_at, seq", since)
    .map((row) => rows.identified.parse(row).id);
}
