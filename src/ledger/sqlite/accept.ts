import type { BookingIdentity } from "../../event.ts";
import type { Acceptance, Arrival } from "../arrival.ts";
import { enqueue } from "./enqueue.ts";
import * as rows from "../rows.ts";
import type { Store } from "./store.ts";
import { storedColumns } from "../stored-event.ts";
import { readKnown, unite, writeKnown } from "./unite.ts";
import type { Wake } from "./writer.ts";

/** Stores an arrival as the contract says; runs inside a transaction. */
export function accept(store: Store, arrival: Arrival, now: number, wake: Wake): Acceptance {
  const first = findFirst(store, arrival);
  if (first !== null) return { status: "duplicate", event: first };

  const bookingKey = arrival.identity === null ? arrival.id : resolve(store, arrival, arrival.identity, now, wake);
  const { event, verdicts, deliveries, known } = arrival.decide(bookingKey, readKnown(store, bookingKey));
  const columns = storedColumns(event);
  store.run(
    `INSERT INTO events (id, source, trigger, received_at, booking_key, duplicate_key, verdicts, event, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    arrival.id,
    arrival.source,
    arrival.trigger,
    arrival.receivedAt,
    bookingKey,
    arrival.duplicateKeys[0] ?? null,
    JSON.stringify(verdicts),
    columns.event,
    columns.body,
  );
  if (known !== null) writeKnown(store, bookingKey, known);
  enqueue(store, { ...arrival, bookingKey }, deliveries, 1, now, wake);
  return { status: "accepted", event: arrival.id, deliveries: deliveries.length };
}

function findFirst(store: Store, { source, duplicateKeys, receivedAt, dedupeMs }: Arrival): string | null {
  for (const key of duplicateKeys) {
    const row = store.get(
      "SELECT id FROM events WHERE source = ? AND duplicate_key = ? AND received_at >= ? ORDER BY received_at LIMIT 1",
      source,
      key,
      receivedAt - dedupeMs,
    );
    if (row !== undefined) return rows.identified.parse(row).id;
  }
  return null;
}

/** The earliest row of the chain comes first: its key is the one that other events are likeliest to lead to. */
function resolve(store: Store, arrival: Arrival, identity: BookingIdentity, now: number, wake: Wake): string {
  const { uid, previousUid, rootUid } = identity;
  const uids = [...new Set([rootUid, previousUid, uid])].filter((one) => one !== null);
  const found = uids.map((one) => keyOf(store, one));
  const met = [...new Set(found)].filter((key) => key !== undefined);
  const key =
    met.length > 1
      ? unite(store, met, (one, other) => arrival.unite(one, other), now, wake)
      : (met[0] ?? uids[0] ?? uid);
  for (const [index, one] of uids.entries())
    if (found[index] === undefined) store.run("INSERT INTO aliases VALUES (?, ?)", one, key);
  return key;
}

function keyOf(store: Store, uid: string): string | undefined {
  const row = store.get(
    `SELECT coalesce(united.key, booking_key) AS key FROM aliases LEFT JOIN united ON lost = booking_key WHERE uid = ?`,
    uid,
  );
  return row === undefined ? undefined : rows.keyed.parse(row).key;
}
