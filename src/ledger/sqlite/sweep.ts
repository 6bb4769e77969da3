import { z } from "zod";
import type { Store } from "./store.ts";
import type { Writer } from "./writer.ts";

/** Events looked at in one turn, 5 ms: a sink held for months leaves very many that have to stay, and webhooks do not wait for them. */
const WINDOW = 5_000;

/** A place in the order of receipt. */
export interface Place {
  readonly receivedAt: number;
  readonly seq: number;
}

export const BEGINNING: Place = { receivedAt: -1, seq: -1 };

/** Deletes up to `limit` settled events, the oldest first. Returns how many. */
export async function sweep(store: Store, writer: Writer, before: number, limit: number): Promise<number> {
  let count = 0;
  let place: Place | undefined = BEGINNING;
  while (place !== undefined && count < limit) {
    const from: Place = place;
    const swept = await writer.write(() => sweepSome(store, before, limit - count, from));
    count += swept.count;
    place = swept.next;
  }
  return count;
}

/**
 * Deletes up to `limit` of the events that come next after `from`; verdicts, deliveries and attempts go with them. Returns how many, and
 * where to go on while there are more. Runs inside a transaction.
 */
export function sweepSome(
  store: Store,
  before: number,
  limit: number,
  from: Place,
): { readonly count: number; readonly next: Place | undefined } {
  const seen = store
    .all(
      `SELECT seq, received_at AS receivedAt,
              EXISTS (SELECT 1 FROM deliveries WHERE deliveries.event = events.id AND settled_at IS NULL) AS stays
       FROM events WHERE received_at < ? AND (received_at, seq) > (?, ?) ORDER BY received_at, seq LIMIT ?`,
      before,
      from.receivedAt,
      from.seq,
      WINDOW,
    )
    .map((row) => candidate.parse(row));
  const settled = seen.filter(({ stays }) => stays === 0).slice(0, limit);
  const seqs = JSON.stringify(settled.map(({ seq }) => seq));
  if (settled.length > 0) store.run("DELETE FROM events WHERE seq IN (SELECT value FROM json_each(?))", seqs);
  return { count: settled.length, next: seen.length === WINDOW ? seen.at(-1) : undefined };
}

const candidate = z.object({ seq: z.number(), receivedAt: z.number(), stays: z.number() });
