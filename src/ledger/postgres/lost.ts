import { z } from "zod";
import type { Lease } from "../ledger.ts";
import type { Database, Transaction } from "./database.ts";
import type { Jobs } from "./jobs.ts";
import { liveKeys } from "./keys.ts";
import { advance } from "./queue.ts";
import { QUEUE_SCHEMA } from "./schema.ts";
import type { Wake } from "./wake.ts";

/** A delivery that is in pg-boss's hands, as far as the ledger knows. */
interface Handed {
  readonly id: string;
  readonly sink: string;
  readonly bookingKey: string;
  readonly job: string;
}

/** A job that has failed, and that no delivery knows. */
type Orphan = Pick<Handed, "sink" | "job">;

/** Puts a claimed delivery back as it was. Does nothing when the lease was lost. */
export async function release(tx: Transaction, { delivery, lease }: Lease, jobs: Jobs, wake: Wake): Promise<void> {
  const found = await tx.rows(
    `SELECT id, sink, booking_key AS "bookingKey", job FROM cal_relay.deliveries
     WHERE id = $1 AND state = 'running' AND lease = $2`,
    delivery.id,
    lease,
  );
  await takeBack(
    tx,
    found.map((row) => handed.parse(row)),
    false,
    delivery.dueAt,
    jobs,
    wake,
  );
}

/** The deliveries whose job has failed, because nobody renewed its lease, or is gone, and the failed jobs that no delivery knows. */
export async function findLost(
  database: Database,
): Promise<{ readonly deliveries: readonly Handed[]; readonly orphans: readonly Orphan[] }> {
  const deliveries = await database.rows(
    `SELECT d.id, d.sink, d.booking_key AS "bookingKey", d.job FROM cal_relay.deliveries AS d
     WHERE d.job IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM ${QUEUE_SCHEMA}.job AS j WHERE j.name = d.sink AND j.id = d.job AND j.state IN ('created', 'active')
     ) ORDER BY d.seq LIMIT 500`,
  );
  const orphans = await database.rows(
    `SELECT j.name AS sink, j.id AS job FROM ${QUEUE_SCHEMA}.job AS j
     WHERE j.state = 'failed' AND NOT EXISTS (SELECT 1 FROM cal_relay.deliveries AS d WHERE d.job = j.id) LIMIT 500`,
  );
  return { deliveries: deliveries.map((row) => handed.parse(row)), orphans: orphans.map((row) => orphan.parse(row)) };
}

/** Takes back what was lost: it may have arrived, is told so, and is due as before, which is ahead of what has waited since. */
export async function recover(
  tx: Transaction,
  lost: readonly Handed[],
  now: number,
  jobs: Jobs,
  wake: Wake,
): Promise<void> {
  await takeBack(tx, lost, true, now, jobs, wake);
}

/** `dueBy`: what would be due later is due then. */
async function takeBack(
  tx: Transaction,
  taken: readonly Handed[],
  mayHaveArrived: boolean,
  dueBy: number,
  jobs: Jobs,
  wake: Wake,
): Promise<void> {
  if (taken.length === 0) return;
  const live = await liveKeys(
    tx,
    taken.map(({ bookingKey }) => bookingKey),
  );
  const rows = await tx.rows(
    `UPDATE cal_relay.deliveries AS d SET
       state = 'waiting', head = false, job = NULL, booking_key = told.key, due_at = least(d.due_at, $4),
       maybe_delivered = d.maybe_delivered OR ($5 AND d.state = 'running')
     FROM unnest($1::text[], $2::uuid[], $3::text[]) AS told (id, job, key)
     WHERE d.id = told.id AND d.job = told.job RETURNING d.sink, d.booking_key AS "bookingKey"`,
    taken.map(({ id }) => id),
    taken.map(({ job }) => job),
    taken.map(({ bookingKey }) => live.get(bookingKey) ?? bookingKey),
    dueBy,
    mayHaveArrived,
  );
  await advance(
    tx,
    rows.map((row) => queue.parse(row)),
    wake,
  );
  for (const [sink, jobsOfSink] of Map.groupBy(taken, ({ sink: of }) => of))
    await jobs.remove(
      tx,
      sink,
      jobsOfSink.map(({ job }) => job),
    );
}

const handed: z.ZodType<Handed> = z.object({
  id: z.string(),
  sink: z.string(),
  bookingKey: z.string(),
  job: z.string(),
});
const queue = z.object({ sink: z.string(), bookingKey: z.string() });
const orphan: z.ZodType<Orphan> = z.object({ sink: z.string(), job: z.string() });
