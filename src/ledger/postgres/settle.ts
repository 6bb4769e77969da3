import { z } from "zod";
import type { Next } from "../ledger.ts";
import type { Transaction } from "./database.ts";
import type { Jobs } from "./jobs.ts";
import { holdLive } from "./keys.ts";
import { remember } from "./memory.ts";
import { isOfLost, type Moved, type Settling } from "./moved.ts";
import { advance, promote, type Queue } from "./queue.ts";
import { plain } from "./text.ts";
import type { Wake } from "./wake.ts";

/** Records attempts and moves their deliveries on; false for each whose lease was lost. Call under the locks of their keys. */
export async function settle(
  tx: Transaction,
  settlings: readonly Settling[],
  now: number,
  jobs: Jobs,
  wake: Wake,
): Promise<boolean[]> {
  const moved = await move(tx, settlings, now);
  // Under keys that were united with others meanwhile, which is seldom.
  const ofLost = moved.filter(isOfLost);
  await holdLive(
    tx,
    ofLost.map(({ key }) => key),
  );
  await remember(tx, moved, now, wake);
  await promote(tx, moved.filter((one) => !isOfLost(one)).map(queueOf), wake);
  await advance(tx, ofLost.map(queueOf), wake);
  for (const [sink, ofSink] of Map.groupBy(moved, ({ claim: { delivery } }) => delivery.sink))
    await jobs.remove(
      tx,
      sink,
      ofSink.map(({ job }) => job),
    );
  const done = new Set(moved.map(({ at }) => at));
  return settlings.map((_, at) => done.has(at));
}

function queueOf({ claim: { delivery }, key }: Moved): Queue {
  return { sink: delivery.sink, bookingKey: key };
}

/**
 * Moves the deliveries, counts them and records the attempts. A delivery that waits again keeps its place in its queue: what comes after it in
 * its booking waits with it. It is handed to pg-boss again when it is due.
 */
async function move(tx: Transaction, settlings: readonly Settling[], now: number): Promise<Moved[]> {
  const told = settlings.map((one, at) => ({ at, ...columnsOf(one, now) }));
  const rows = await tx.rows(MOVE, JSON.stringify(told));
  return rows.flatMap((row) => {
    const { at, job, key } = movedRow.parse(row);
    const one = settlings[at];
    return one === undefined ? [] : [{ ...one, at, job, key }];
  });
}

const movedRow = z.object({ at: z.number(), job: z.string(), key: z.string() });

const MOVE = `
  WITH told AS MATERIALIZED (
    SELECT told.*, d.job, coalesce(u.key, d.booking_key) AS key FROM json_to_recordset($1::json) AS told (
      at int, id text, lease int, state text, due_at float8, used int, maybe_delivered boolean, reason text, settled_at float8,
      number int, started_at float8, duration_ms float8, outcome text, message text, answer text, failure text
    ) JOIN cal_relay.deliveries AS d ON d.id = told.id AND d.state = 'running' AND d.lease = told.lease
    LEFT JOIN cal_relay.united AS u ON u.lost = d.booking_key
    ORDER BY d.seq FOR UPDATE OF d
  ), moved AS (
    UPDATE cal_relay.deliveries AS d SET
      state = told.state, head = false, job = NULL, booking_key = told.key, due_at = coalesce(told.due_at, d.due_at),
      attempts = d.attempts + told.used, maybe_delivered = told.maybe_delivered, reason = told.reason, settled_at = told.settled_at,
      first_attempt_at = CASE WHEN told.used = 1 THEN coalesce(d.first_attempt_at, told.started_at) ELSE d.first_attempt_at END
    FROM told WHERE d.id = told.id RETURNING d.sink, d.state
  ), counted AS (
    INSERT INTO cal_relay.backlog (sink, state, change)
    SELECT sink, state, count(*) FROM moved WHERE state <> 'waiting' GROUP BY sink, state
    UNION ALL SELECT sink, 'waiting', -count(*) FROM moved WHERE state <> 'waiting' GROUP BY sink
  ), recorded AS (
    INSERT INTO cal_relay.attempts (delivery, number, started_at, duration_ms, outcome, message, answer, reason)
    SELECT id, number, started_at, duration_ms, outcome, message, answer, failure FROM told ORDER BY at
  )
  SELECT at, job, key FROM told`;

function columnsOf({ claim, settlement: { attempt, next } }: Settling, now: number) {
  const waits = next.state === "waiting";
  const failure = attempt.reason === null ? null : plain(attempt.reason);
  return {
    id: claim.delivery.id,
    lease: claim.lease,
    state: next.state,
    due_at: waits ? next.dueAt : null,
    used: !waits || next.usedAttempt ? 1 : 0,
    maybe_delivered: maybeDelivered(claim.delivery.maybeDelivered, next),
    reason: next.state === "delivered" ? null : failure,
    settled_at: waits ? null : now,
    number: attempt.number,
    started_at: attempt.startedAt,
    duration_ms: attempt.durationMs,
    outcome: attempt.outcome,
    message: JSON.stringify(attempt.message),
    answer: JSON.stringify(attempt.answer),
    failure,
  };
}

/** An earlier try that may have arrived is not undone by a later one that certainly did not. */
function maybeDelivered(before: boolean, next: Next): boolean {
  if (next.state === "delivered") return false;
  return before || (next.state === "waiting" && next.maybeDelivered);
}
