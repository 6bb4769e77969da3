import { z } from "zod";
import type { RetrySelection } from "../ledger.ts";
import { count } from "./count.ts";
import { advance } from "./queue.ts";
import * as rows from "../rows.ts";
import type { Store } from "./store.ts";
import { stateIs, where } from "./where.ts";
import type { Wake, Writer } from "./writer.ts";

/** A person's retry of very many moves this many at a time, so that webhooks are accepted in between. */
const CHUNK = 250;

/** Puts back what was selected, in several commits. Returns how many. */
export async function retry(
  store: Store,
  writer: Writer,
  seqs: readonly number[],
  now: () => number,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<number> {
  let done = 0;
  onProgress(0, seqs.length);
  for (let from = 0; from < seqs.length; from += CHUNK) {
    const chunk = seqs.slice(from, from + CHUNK);
    done += await writer.write((wake) => putBack(store, chunk, now(), wake));
    onProgress(from + chunk.length, seqs.length);
  }
  return done;
}

/** The settled deliveries that a selection means, in the order of acceptance. */
export function selectSettled(store: Store, selection: RetrySelection): number[] {
  const found = "ids" in selection ? byId(store, selection.ids) : byState(store, selection);
  return found.map((row) => rows.numbered.parse(row).seq);
}

/** Puts them back, due now. Returns how many were still settled. Runs inside a transaction. */
export function putBack(store: Store, seqs: readonly number[], now: number, wake: Wake): number {
  return seqs.filter((seq) => {
    const row = store.get(
      `SELECT sink, ${rows.LIVE_KEY} AS bookingKey, state FROM deliveries WHERE seq = ? AND settled_at IS NOT NULL`,
      seq,
    );
    if (row === undefined) return false;
    const { state, ...queue } = settled.parse(row);
    store.run(
      `UPDATE deliveries SET state = 'waiting', due_at = ?, attempts = 0, first_attempt_at = NULL, reason = NULL, settled_at = NULL,
         booking_key = ?
       WHERE seq = ?`,
      now,
      queue.bookingKey,
      seq,
    );
    count(store, queue.sink, state, -1);
    count(store, queue.sink, "waiting", 1);
    advance(store, queue, wake);
    return true;
  }).length;
}

const settled = rows.queue.extend({ state: z.enum(["delivered", "dead", "skipped"]) });

function byId(store: Store, ids: readonly string[]): unknown[] {
  return store.all(
    `SELECT seq FROM deliveries WHERE id IN (SELECT value FROM json_each(?)) AND settled_at IS NOT NULL ORDER BY seq`,
    JSON.stringify(ids),
  );
}

function byState(store: Store, { state, sink, since }: Exclude<RetrySelection, { ids: unknown }>): unknown[] {
  const { clause, values } = where({ ...stateIs(state), "sink =": sink, "accepted_at >=": since });
  return store.all(`SELECT seq FROM deliveries ${clause} ORDER BY seq`, ...values);
}
