import type { PgBoss } from "pg-boss";
import { z } from "zod";
import type { Transaction } from "./database.ts";
import { failure } from "./failure.ts";
import { QUEUE_SCHEMA } from "./schema.ts";

/**
 * How much of a sink is handed to pg-boss at most. Its policy `key_strict_fifo` sorts every key that waits at each fetch, so a fetch costs as
 * much as there is in line; the rest waits in the ledger, where a claim finds it by an index.
 */
export const WINDOW = 64;

/** Deliveries are ordered by when they are due: pg-boss by a priority, a 32-bit number, the highest first. Seconds since 2020 fit until 2088. */
const PRIORITY_EPOCH_S = Date.UTC(2020) / 1_000;

/** Longer than any attempt, of which the heartbeat decides whether it goes on. pg-boss takes less than a day. */
const EXPIRE_S = 24 * 60 * 60 - 1;
/** What is handed over waits as long as it takes. */
const KEEP_S = 10 * 365 * 24 * 60 * 60;

/** A fetch of each size is a statement of its own, which takes longer to plan than to run: there are few of them. */
const SIZES = [64, 32, 16, 8, 4, 2, 1] as const;

export interface NewJob {
  readonly job: string;
  readonly bookingKey: string;
  readonly dueAt: number;
}

/** What pg-boss holds: one queue a sink, in which each job stands for a delivery that is due and the first of its booking. */
export interface Jobs {
  /** How many more of each sink may be handed over; none where what is due waits in the ledger, since that comes first. */
  room(tx: Transaction, sinks: readonly string[], now: number): Promise<Map<string, number>>;
  insert(tx: Transaction, sink: string, jobs: readonly NewJob[]): Promise<void>;
  /** Leases up to `limit`. */
  fetch(tx: Transaction, sink: string, limit: number): Promise<string[]>;
  remove(tx: Transaction, sink: string, jobs: readonly string[]): Promise<void>;
  /** Renews leases. Returns those that were still held. */
  touch(sink: string, jobs: readonly string[]): Promise<Set<string>>;
}

export function createJobs(boss: PgBoss, leaseSeconds: number): Jobs {
  const known = new Set<string>();

  /** Its connection is another than the transaction's, which sees the queue as soon as it is there. */
  async function ensureQueue(sink: string): Promise<void> {
    if (known.has(sink)) return;
    await boss.createQueue(sink, {
      policy: "key_strict_fifo",
      retryLimit: 0,
      expireInSeconds: EXPIRE_S,
      retentionSeconds: KEEP_S,
      heartbeatSeconds: leaseSeconds,
    });
    known.add(sink);
  }

  return {
    async room(tx, sinks, now) {
      const rows = await tx.rows(
        `SELECT sink,
           (SELECT count(*) FROM (
              SELECT 1 FROM ${QUEUE_SCHEMA}.job AS j WHERE j.name = sink AND j.state = 'created' LIMIT ${WINDOW}
            ) AS counted) AS handed,
           EXISTS (
             SELECT 1 FROM cal_relay.deliveries AS d
             WHERE d.sink = wanted.sink AND d.head AND d.state = 'waiting' AND (d.job IS NULL) AND d.due_at <= $2
           ) AS "isQueued"
         FROM unnest($1::text[]) AS wanted (sink)`,
        sinks,
        now,
      );
      return new Map(
        rows.map((row) => room.parse(row)).map(({ sink, handed, isQueued }) => [sink, isQueued ? 0 : WINDOW - handed]),
      );
    },
    async insert(tx, sink, jobs) {
      if (jobs.length === 0) return;
      await guarded(() => ensureQueue(sink));
      await guarded(() =>
        boss.insert(
          sink,
          jobs.map(({ job, bookingKey, dueAt }) => ({
            id: job,
            singletonKey: bookingKey,
            priority: Math.trunc(PRIORITY_EPOCH_S - dueAt / 1_000),
            heartbeatSeconds: leaseSeconds,
          })),
          { db: tx.db },
        ),
      );
    },
    async fetch(tx, sink, limit) {
      await guarded(() => ensureQueue(sink));
      const fetched: string[] = [];
      for (const size of SIZES) {
        while (limit - fetched.length >= size) {
          const jobs = await guarded(() => boss.fetch(sink, { batchSize: size, db: tx.db }));
          fetched.push(...jobs.map(({ id }) => id));
          if (jobs.length < size) return fetched;
        }
      }
      return fetched;
    },
    async remove(tx, sink, jobs) {
      if (jobs.length > 0) await guarded(() => boss.deleteJob(sink, [...jobs], { db: tx.db }));
    },
    async touch(sink, jobs) {
      const touched = await guarded(() => boss.touch(sink, [...jobs]));
      return new Set(answer.parse(touched).settled);
    },
  };
}

const room = z.object({ sink: z.string(), handed: z.number(), isQueued: z.boolean() });
const answer = z.object({ settled: z.array(z.string()) });

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failure(error);
  }
}
