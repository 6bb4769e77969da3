import * as rows from "../rows.ts";
import type { Transaction } from "./database.ts";
import type { Wake } from "./wake.ts";

// A queue is what is unsettled of one sink and booking key. Only its head is ever claimed, so a claim reads as many rows as it returns,
// however much waits behind the heads. Whoever changes a queue holds its booking key; a claim holds only the row that it takes, so each
// statement here says which state it expects, and finds none where a claim was quicker.

export interface Queue {
  readonly sink: string;
  readonly bookingKey: string;
}

/**
 * Makes the earliest unsettled delivery of each queue its head, unless one of the queue is running: that keeps its place until it is settled,
 * even where a person has put back an earlier one meanwhile. Call after every change to queues other than adding to their ends.
 */
export async function advance(tx: Transaction, queues: readonly Queue[], wake: Wake): Promise<void> {
  if (queues.length === 0) return;
  await tx.run(
    `UPDATE cal_relay.deliveries AS d SET head = false, job = NULL FROM ${FRONTS}
     WHERE d.sink = front.sink AND d.booking_key = front.booking_key AND d.settled_at IS NULL
       AND d.state = 'waiting' AND d.head AND d.id <> front.id`,
    ...arrays(queues),
  );
  await promote(tx, queues, wake);
}

/** The same for queues that have no head: the one they had was running, and is not any more. */
export async function promote(tx: Transaction, queues: readonly Queue[], wake: Wake): Promise<void> {
  if (queues.length === 0) return;
  const promoted = await tx.rows(
    `UPDATE cal_relay.deliveries AS d SET head = true FROM ${FRONTS}
     WHERE d.id = front.id AND d.state = 'waiting' AND NOT d.head AND NOT EXISTS (
       SELECT 1 FROM cal_relay.deliveries AS r
       WHERE r.sink = front.sink AND r.booking_key = front.booking_key AND r.state = 'running'
     ) RETURNING d.sink, d.booking_key AS "bookingKey"`,
    ...arrays(queues),
  );
  for (const row of promoted) wake(rows.queue.parse(row).sink);
}

/** The earliest of each queue, given as two arrays. */
const FRONTS = `(
  SELECT earliest.* FROM (SELECT DISTINCT sink, booking_key FROM unnest($1::text[], $2::text[]) AS given (sink, booking_key)) AS queue
  CROSS JOIN LATERAL (
    SELECT id, sink, booking_key FROM cal_relay.deliveries AS f
    WHERE f.sink = queue.sink AND f.booking_key = queue.booking_key AND f.settled_at IS NULL ORDER BY f.seq LIMIT 1
  ) AS earliest
) AS front`;

function arrays(queues: readonly Queue[]): [string[], string[]] {
  return [queues.map(({ sink }) => sink), queues.map(({ bookingKey }) => bookingKey)];
}
