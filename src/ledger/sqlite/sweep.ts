import { z } from "zod";
import { count } from "./count.ts";
import * as rows from "../rows.ts";
import type { Store } from "./store.ts";
import type { Writer } from "./writer.ts";

/** Events looked at in one turn: a sink held for months leaves very many that have to stay, and webhooks do not wait for them. */
const WINDOW = 1_000;

const place = z.object({ receivedAt: z.number(), seq: z.number() });
/** A place in the order of receipt. */
export type Place = Readonly<z.infer<typeof place>>;

export const BEGINNING: Place = { receivedAt: -1, seq: -1 };

/** Deletes up to `limit` settled events, the oldest first. Returns how many. */
export async function sweep(store: Store, writer: Writer, before: number, limit: number): Promise<number> {
  let total = 0;
  let next: Place | undefined = BEGINNING;
  while (next !== undefined && total < limit) {
    const from: Place = next;
    const swept = await writer.write(() => sweepSome(store, before, limit - total, from));
    total += swept.count;
    next = swept.next;
  }
  return total;
}

/**
 * Deletes up to `limit` of the settled events among the `WINDOW` after `from`; verdicts, deliveries and attempts go with them. Returns how
 * many, and where to go on while there are more. Runs inside a transaction.
 */
export function sweepSome(
  store: Store,
  before: number,
  limit: number,
  from: Place,
): { readonly count: number; readonly next: Place | undefined } {
  const next = placeAfter(store, before, from);
  const end = next ?? { receivedAt: before, seq: BEGINNING.seq };
  const swept = store
    .all(
      `SELECT seq FROM events WHERE (received_at, seq) > (?, ?) AND (received_at, seq) <= (?, ?) AND NOT EXISTS (
         SELECT 1 FROM deliveries WHERE deliveries.event = events.id AND settled_at IS NULL
       ) ORDER BY received_at, seq LIMIT ?`,
      from.receivedAt,
      from.seq,
      end.receivedAt,
      end.seq,
      limit,
    )
    .map((row) => rows.numbered.parse(row).seq);
  remove(store, JSON.stringify(swept));
  return { count: swept.length, next };
}

/** Deletes the events of a JSON list of their numbers. */
function remove(store: Store, seqs: string): void {
  const counts = store.all(
    `SELECT d.sink, d.state, count(*) AS count FROM json_each(?) AS one
     JOIN events AS e ON e.seq = one.value JOIN deliveries AS d ON d.event = e.id GROUP BY d.sink, d.state`,
    seqs,
  );
  for (const row of counts) {
    const { sink, state, count: gone } = rows.counted.parse(row);
    count(store, sink, state, -gone);
  }
  store.run("DELETE FROM events WHERE seq IN (SELECT value FROM json_each(?))", seqs);
}

/** The place at the end of a full window; undefined for the last one. */
function placeAfter(store: Store, before: number, from: Place): Place | undefined {
  const row = store.get(
    `SELECT received_at AS receivedAt, seq FROM events WHERE received_at < ? AND (received_at, seq) > (?, ?)
     ORDER BY received_at, seq LIMIT 1 OFFSET ?`,
    before,
    from.receivedAt,
    from.seq,
    WINDOW - 1,
  );
  return row === undefined ? undefined : place.parse(row);
}
