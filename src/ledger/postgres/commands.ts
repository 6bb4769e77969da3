import type { CommandLedger } from "../ledger.ts";
import type { Changes } from "./changes.ts";
import type { Database, Transaction } from "./database.ts";
import { hold, holds, lift } from "./holds.ts";
import type { Lock } from "./locks.ts";
import { attempts, backlog, deliveries, delivery, event, events } from "./record.ts";
import { receivedSince, replay } from "./replay.ts";
import { putBack, RETRY_CHUNK, selectSettled } from "./retry.ts";
import { secret } from "./secret.ts";
import type { Wake } from "./wake.ts";

/** What commands and relays both may ask of the ledger. */
export function commandMethods(database: Database, changes: Changes, now: () => number): CommandLedger {
  const change = changing(database, changes);
  return {
    hold: (one) => change((tx, wake) => hold(tx, one, wake)),
    lift: (sink, by) => change((tx, wake) => lift(tx, sink, by, wake)),
    holds: () => holds(database),
    events: (query) => events(database, query),
    event: (id) => event(database, id),
    deliveries: (query) => deliveries(database, query),
    delivery: (id) => delivery(database, id),
    attempts: (id) => attempts(database, id),
    backlog: () => backlog(database),
    async retry(selection, onProgress = () => undefined) {
      const ids = await selectSettled(database, selection);
      let done = 0;
      onProgress(0, ids.length);
      for (let from = 0; from < ids.length; from += RETRY_CHUNK) {
        const chunk = ids.slice(from, from + RETRY_CHUNK);
        done += await change((tx, wake) => putBack(tx, chunk, now(), wake));
        onProgress(from + chunk.length, ids.length);
      }
      return done;
    },
    replay: (replays) => change((tx, wake) => replay(tx, replays, now(), wake)),
    receivedSince: (since) => receivedSince(database, since),
    secret: (source, candidate) => secret(database, source, candidate),
    ping: async () => void (await database.rows("SELECT 1 FROM cal_relay.events LIMIT 1")),
    close: () => database.close(),
  };
}

export type Change = <T>(work: (tx: Transaction, wake: Wake) => Promise<T>, locks?: readonly Lock[]) => Promise<T>;

/** Transactions that tell of the work they make, once they are committed: this relay's runners at once, the others by NOTIFY. */
export function changing(database: Database, changes: Changes): Change {
  return async function change(work, locks) {
    const woken = new Set<string>();
    const result = await database.transaction(async (tx) => {
      woken.clear();
      const done = await work(tx, (sink) => void woken.add(sink));
      await changes.notify(tx, woken);
      return done;
    }, locks);
    for (const sink of woken) changes.announce(sink);
    return result;
  };
}
