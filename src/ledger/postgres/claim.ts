import { z } from "zod";
import { DELIVERY_COLUMNS, type ClaimRow } from "../rows.ts";
import type { Database, Transaction } from "./database.ts";
import { WINDOW, type Jobs } from "./jobs.ts";

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

/** Leases what is due, oldest due first, by pg-boss's fetch. Call under `claimLock`. */
export async function claim(tx: Transaction, wanted: Wanted, now: number, jobs: Jobs): Promise<ClaimRow[]> {
  const { sink, limit, concurrency } = wanted;
  const standing = await look(tx, sink, now);
  const slots = Math.min(limit, concurrency - standing.running);
  if (standing.isInLine && standing.handed < slots) await handOver(tx, sink, Math.max(slots, WINDOW), now, jobs);
  else if (standing.handed === 0) return [];
  const claimed: ClaimRow[] = [];
  while (claimed.length < slots) {
    const fetched = await jobs.fetch(tx, sink, slots - claimed.length);
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

/** How a sink stands: what runs, what pg-boss has in line for it, and whether more that is due waits behind that. */
async function look(tx: Transaction, sink: string, now: number): Promise<z.infer<typeof standing>> {
  const [row] = await tx.rows(
    `SELECT (SELECT count(*) FROM cal_relay.deliveries WHERE sink = $1 AND state = 'running') AS running,
            (SELECT count(*) FROM cal_relay.deliveries WHERE sink = $1 AND head AND state = 'waiting' AND NOT (job IS NULL)) AS handed,
            EXISTS (SELECT 1 FROM ${HEADS} AND (job IS NULL) AND due_at <= $2) AS "isInLine"`,
    sink,
    now,
  );
  return standing.parse(row);
}

const standing = z.object({ running: z.number(), handed: z.number(), isInLine: z.boolean() });

/** Gives pg-boss heads that have fallen due. */
async function handOver(tx: Transaction, sink: string, most: number, now: number, jobs: Jobs): Promise<void> {
  const rows = await tx.rows(
    `UPDATE cal_relay.deliveries SET job = gen_random_uuid() WHERE id IN (
       SELECT id FROM ${HEADS} AND (job IS NULL) AND due_at <= $2 ORDER BY due_at, seq LIMIT $3 FOR UPDATE SKIP LOCKED
     ) RETURNING job, booking_key AS "bookingKey", due_at AS "dueAt"`,
    sink,
    now,
    most,
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
