import { z } from "zod";
import { DELIVERY_COLUMNS, type ClaimRow } from "../rows.ts";
import type { Database, Transaction } from "./database.ts";
import { WINDOW, type Jobs } from "./jobs.ts";
import { lockClaims } from "./locks.ts";
import { runningOf } from "./queue.ts";

export interface Wanted {
  readonly sink: string;
  readonly limit: number;
  readonly concurrency: number;
}

/** When the next head of the sink falls due. */
export async function nextDue(database: Database, sink: string): Promise<number | null> {
  const [row] = await database.rows(
    `SELECT least(
       (SELECT due_at FROM ${HEADS} AND (job IS NULL) ORDER BY due_at LIMIT 1),
       (SELECT due_at FROM ${HEADS} AND NOT (job IS NULL) ORDER BY due_at LIMIT 1)
     ) AS "dueAt"`,
    sink,
  );
  return due.parse(row).dueAt;
}

const HEADS = "cal_relay.deliveries WHERE sink = $1 AND head AND state = 'waiting'";
const due = z.object({ dueAt: z.number().nullable() });

/** Leases what is due, oldest due first, by pg-boss's fetch. */
export async function claim(tx: Transaction, wanted: Wanted, now: number, jobs: Jobs): Promise<ClaimRow[]> {
  const { sink, limit, concurrency } = wanted;
  await lockClaims(tx, sink);
  const slots = Math.min(limit, concurrency - (await runningOf(tx, sink)));
  const claimed: ClaimRow[] = [];
  while (claimed.length < slots) {
    const missing = slots - claimed.length;
    await handOver(tx, sink, missing, now, jobs);
    const fetched = await jobs.fetch(tx, sink, missing);
    const taken = await take(tx, fetched);
    claimed.push(...taken);
    // A job whose delivery is no head any more, because an earlier one was put back or its booking has another key, is of no use.
    const found = new Set(taken.map(({ job }) => job));
    const stale = fetched.filter((job) => !found.has(job));
    await jobs.remove(tx, sink, stale);
    if (stale.length === 0) break;
  }
  return claimed;
}

/** Gives pg-boss the heads that have fallen due, so that there is enough for this claim and the next ones. */
async function handOver(tx: Transaction, sink: string, missing: number, now: number, jobs: Jobs): Promise<void> {
  const most = Math.max(WINDOW, missing);
  const handed = await jobs.waiting(tx, sink, most);
  if (handed >= Math.max(missing, most / 2)) return;
  const rows = await tx.rows(
    `UPDATE cal_relay.deliveries SET job = gen_random_uuid() WHERE id IN (
       SELECT id FROM ${HEADS} AND (job IS NULL) AND due_at <= $2 ORDER BY due_at, seq LIMIT $3 FOR UPDATE SKIP LOCKED
     ) RETURNING job, booking_key AS "bookingKey", due_at AS "dueAt"`,
    sink,
    now,
    most - handed,
  );
  await jobs.insert(
    tx,
    sink,
    rows.map((row) => handedOver.parse(row)),
  );
}

const handedOver = z.object({ job: z.string(), bookingKey: z.string(), dueAt: z.number() });

async function take(tx: Transaction, jobs: readonly string[]): Promise<ClaimRow[]> {
  if (jobs.length === 0) return [];
  const rows = await tx.rows(
    `WITH d AS (
       UPDATE cal_relay.deliveries SET state = 'running', lease = lease + 1
       WHERE job = ANY($1::uuid[]) AND state = 'waiting' RETURNING *
     )
     SELECT ${DELIVERY_COLUMNS}, d.lease, d.job, e.event AS "eventJson", e.body, m.value AS memory, m.applied
     FROM d JOIN cal_relay.events AS e ON e.id = d.event
     LEFT JOIN cal_relay.memory AS m ON m.target = d.target AND m.booking_key = d.booking_key
     ORDER BY d.due_at, d.seq`,
    jobs,
  );
  return rows.map((row) => z.record(z.string(), z.unknown()).parse(row));
}
