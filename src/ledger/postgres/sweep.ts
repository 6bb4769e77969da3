import { z } from "zod";
import type { DeliveryState } from "../ledger.ts";
import * as rows from "../rows.ts";
import { count } from "./count.ts";
import type { Database, Transaction } from "./database.ts";

/** Events looked at in one transaction: a sink held for months leaves very many that have to stay. */
const WINDOW = 1_000;

const place = z.object({ receivedAt: z.number(), seq: z.number() });
type Place = Readonly<z.infer<typeof place>>;

const BEGINNING: Place = { receivedAt: -1, seq: -1 };

/** Deletes up to `limit` settled events, the oldest first. Returns how many. */
export async function sweep(database: Database, before: number, limit: number): Promise<number> {
  let total = 0;
  let next: Place | undefined = BEGINNING;
  while (next !== undefined && total < limit) {
    const from: Place = next;
    const swept = await sweepSome(database, before, limit - total, from);
    total += swept.count;
    next = swept.next;
  }
  return total;
}

/** Among the `WINDOW` events after `from`; says where to go on while there are more. */
async function sweepSome(
  database: Database,
  before: number,
  limit: number,
  from: Place,
): Promise<{ readonly count: number; readonly next: Place | undefined }> {
  const next = await placeAfter(database, before, from);
  const end = next ?? { receivedAt: before, seq: BEGINNING.seq };
  const swept = await database.transaction(async (tx) => {
    const found = await tx.rows(
      `SELECT id FROM cal_relay.events AS e
       WHERE (received_at, seq) > ($1, $2) AND (received_at, seq) <= ($3, $4) AND NOT EXISTS (
         SELECT 1 FROM cal_relay.deliveries AS d WHERE d.event = e.id AND d.settled_at IS NULL
       ) ORDER BY received_at, seq LIMIT $5 FOR UPDATE SKIP LOCKED`,
      from.receivedAt,
      from.seq,
      end.receivedAt,
      end.seq,
      limit,
    );
    return remove(
      tx,
      found.map((row) => rows.identified.parse(row).id),
    );
  });
  return { count: swept, next };
}

/** Deletes events, but for those of which a person has put a delivery back meanwhile. Returns how many. */
async function remove(tx: Transaction, events: readonly string[]): Promise<number> {
  const found = await tx.rows(
    `SELECT event, sink, state FROM cal_relay.deliveries WHERE event = ANY($1) ORDER BY seq FOR UPDATE`,
    events,
  );
  const deliveries = found.map((row) => held.parse(row));
  const stay = new Set(deliveries.filter(({ state }) => isUnsettled(state)).map(({ event }) => event));
  const gone = events.filter((event) => !stay.has(event));
  await count(
    tx,
    deliveries.filter(({ event }) => !stay.has(event)).map(({ sink, state }) => ({ sink, state, change: -1 })),
  );
  await tx.run("DELETE FROM cal_relay.events WHERE id = ANY($1)", gone);
  return gone.length;
}

const held = rows.counted.omit({ count: true }).extend({ event: z.string() });

function isUnsettled(state: DeliveryState): boolean {
  return state === "waiting" || state === "running";
}

/** The place at the end of a full window; undefined for the last one. */
async function placeAfter(database: Database, before: number, from: Place): Promise<Place | undefined> {
  const [row] = await database.rows(
    `SELECT received_at AS "receivedAt", seq FROM cal_relay.events WHERE received_at < $1 AND (received_at, seq) > ($2, $3)
     ORDER BY received_at, seq LIMIT 1 OFFSET ${WINDOW - 1}`,
    before,
    from.receivedAt,
    from.seq,
  );
  return row === undefined ? undefined : place.parse(row);
}
