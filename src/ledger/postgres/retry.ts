import { z } from "zod";
import type { RetrySelection } from "../ledger.ts";
import { count } from "./count.ts";
import type { Database, Transaction } from "./database.ts";
import { liveKeys } from "./keys.ts";
import { advance } from "./queue.ts";
import type { Wake } from "./wake.ts";
import { where } from "./where.ts";

/** A person's retry of very many moves this many at a time, so that webhooks are accepted in between. */
export const RETRY_CHUNK = 250;

/** The settled deliveries that a selection means, in the order of acceptance. */
export async function selectSettled(database: Database, selection: RetrySelection): Promise<string[]> {
  const found = "ids" in selection ? await byId(database, selection.ids) : await byState(database, selection);
  return found.map((row) => identified.parse(row).id);
}

/** Puts them back, due now. Returns how many were still settled. */
export async function putBack(tx: Transaction, ids: readonly string[], now: number, wake: Wake): Promise<number> {
  const found = await tx.rows(
    `SELECT booking_key AS "bookingKey" FROM cal_relay.deliveries WHERE id = ANY($1) AND settled_at IS NOT NULL`,
    ids,
  );
  const live = await liveKeys(
    tx,
    found.map((row) => keyed.parse(row).bookingKey),
  );
  const rows = await tx.rows(
    `WITH settled AS MATERIALIZED (
       SELECT d.id, d.state, coalesce(u.key, d.booking_key) AS key FROM cal_relay.deliveries AS d
       LEFT JOIN cal_relay.united AS u ON u.lost = d.booking_key
       WHERE d.id = ANY($1) AND d.settled_at IS NOT NULL AND d.booking_key = ANY($3) ORDER BY d.seq FOR UPDATE OF d
     )
     UPDATE cal_relay.deliveries AS d SET
       state = 'waiting', due_at = $2, attempts = 0, first_attempt_at = NULL, reason = NULL, settled_at = NULL, booking_key = settled.key
     FROM settled WHERE d.id = settled.id RETURNING d.sink, d.booking_key AS "bookingKey", settled.state`,
    ids,
    now,
    [...live.keys()],
  );
  const put = rows.map((row) => settled.parse(row));
  await count(
    tx,
    put.flatMap(
      ({ sink, state }) =>
        [
          { sink, state, change: -1 },
          { sink, state: "waiting", change: 1 },
        ] as const,
    ),
  );
  await advance(tx, put, wake);
  return put.length;
}

const identified = z.object({ id: z.string() });
const keyed = z.object({ bookingKey: z.string() });
const settled = z.object({ sink: z.string(), bookingKey: z.string(), state: z.enum(["delivered", "dead", "skipped"]) });

function byId(database: Database, ids: readonly string[]): Promise<unknown[]> {
  return database.rows(
    "SELECT id FROM cal_relay.deliveries WHERE id = ANY($1) AND settled_at IS NOT NULL ORDER BY seq",
    ids,
  );
}

function byState(database: Database, selection: Exclude<RetrySelection, { ids: unknown }>): Promise<unknown[]> {
  const { state, sink, since } = selection;
  const { clause, values } = where({ "state =": state, "sink =": sink, "accepted_at >=": since });
  return database.rows(`SELECT id FROM cal_relay.deliveries ${clause} ORDER BY seq`, ...values);
}
