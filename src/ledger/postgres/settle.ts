import { z } from "zod";
import type { Lease, Next, Settlement } from "../ledger.ts";
import { count } from "./count.ts";
import type { Transaction } from "./database.ts";
import { insert } from "./insert.ts";
import type { Jobs } from "./jobs.ts";
import { liveKeys } from "./keys.ts";
import { remember } from "./memory.ts";
import { advance, promote } from "./queue.ts";
import { plain } from "./text.ts";
import type { Wake } from "./wake.ts";

export interface Settling {
  readonly claim: Lease;
  readonly settlement: Settlement;
}

/** Records attempts and moves their deliveries on; false for each whose lease was lost. */
export async function settle(
  tx: Transaction,
  settlings: readonly Settling[],
  now: number,
  jobs: Jobs,
  wake: Wake,
): Promise<boolean[]> {
  const live = await liveKeys(
    tx,
    settlings.map(({ claim }) => claim.delivery.bookingKey),
  );
  const liveKey = ({ claim }: Settling): string => live.get(claim.delivery.bookingKey) ?? claim.delivery.bookingKey;
  const moved = await move(tx, settlings, liveKey, now);
  const done = settlings.filter((_, at) => moved.has(at));
  await count(
    tx,
    done.flatMap(
      ({
        claim: {
          delivery: { sink },
        },
        settlement: { next },
      }) =>
        next.state === "waiting"
          ? []
          : ([
              { sink, state: "waiting", change: -1 },
              { sink, state: next.state, change: 1 },
            ] as const),
    ),
  );
  await writeAttempts(tx, done);
  await remember(tx, done, liveKey, now, wake);

  const queueOf = (one: Settling) => ({ sink: one.claim.delivery.sink, bookingKey: liveKey(one) });
  const isLost = (one: Settling): boolean => liveKey(one) !== one.claim.delivery.bookingKey;
  await promote(tx, done.filter((one) => !isLost(one)).map(queueOf), wake);
  await advance(tx, done.filter(isLost).map(queueOf), wake);
  const finished = Map.groupBy(moved, ([at]) => settlings[at]?.claim.delivery.sink ?? "");
  for (const [sink, jobsOfSink] of finished)
    await jobs.remove(
      tx,
      sink,
      jobsOfSink.map(([, job]) => job),
    );
  return settlings.map((_, at) => moved.has(at));
}

const movedRow = z.object({ at: z.number(), job: z.string() });

/**
 * The jobs of those that were moved, by their place. A delivery that waits again keeps its place in its queue: what comes after it in its
 * booking waits with it. It is handed to pg-boss again when it is due.
 */
async function move(
  tx: Transaction,
  settlings: readonly Settling[],
  liveKey: (one: Settling) => string,
  now: number,
): Promise<Map<number, string>> {
  const told = settlings.map((one, at) => {
    const { claim, settlement } = one;
    const { attempt, next } = settlement;
    const waits = next.state === "waiting";
    const used = !waits || next.usedAttempt;
    return {
      at,
      id: claim.delivery.id,
      lease: claim.lease,
      key: liveKey(one),
      state: next.state,
      due_at: waits ? next.dueAt : null,
      used: used ? 1 : 0,
      first: used ? attempt.startedAt : null,
      maybe: maybeDelivered(claim.delivery.maybeDelivered, next),
      reason: next.state === "delivered" || attempt.reason === null ? null : plain(attempt.reason),
      settled_at: waits ? null : now,
    };
  });
  const rows = await tx.rows(
    `WITH told AS MATERIALIZED (
       SELECT told.*, d.job AS held FROM json_to_recordset($1::json) AS told (
         at int, id text, lease int, key text, state text, due_at float8, used int, first float8, maybe boolean, reason text, settled_at float8
       ) JOIN cal_relay.deliveries AS d ON d.id = told.id AND d.state = 'running' AND d.lease = told.lease
       ORDER BY d.seq FOR UPDATE OF d
     )
     UPDATE cal_relay.deliveries AS d SET
       state = told.state, head = false, job = NULL, booking_key = told.key, due_at = coalesce(told.due_at, d.due_at),
       attempts = d.attempts + told.used, first_attempt_at = coalesce(d.first_attempt_at, told.first),
       maybe_delivered = told.maybe, reason = told.reason, settled_at = told.settled_at
     FROM told WHERE d.id = told.id AND d.state = 'running' AND d.lease = told.lease
     RETURNING told.at, told.held AS job`,
    JSON.stringify(told),
  );
  return new Map(rows.map((row) => movedRow.parse(row)).map(({ at, job }) => [at, job]));
}

/** An earlier try that may have arrived is not undone by a later one that certainly did not. */
function maybeDelivered(before: boolean, next: Next): boolean {
  if (next.state === "delivered") return false;
  return before || (next.state === "waiting" && next.maybeDelivered);
}

async function writeAttempts(tx: Transaction, settlings: readonly Settling[]): Promise<void> {
  const rows = settlings.map(({ claim, settlement: { attempt } }) => ({
    delivery: claim.delivery.id,
    number: attempt.number,
    started_at: attempt.startedAt,
    duration_ms: attempt.durationMs,
    outcome: attempt.outcome,
    message: JSON.stringify(attempt.message),
    answer: JSON.stringify(attempt.answer),
    reason: attempt.reason === null ? null : plain(attempt.reason),
  }));
  await insert(tx, "cal_relay.attempts", rows);
}
