import type { BookingIdentity } from "../../event.ts";
import type { Acceptance, Arrival, KnownBooking } from "../ledger.ts";
import { enqueue } from "./enqueue.ts";
import * as rows from "./rows.ts";
import type { Store } from "./store.ts";
import { storedColumns } from "./stored-event.ts";
import type { Wake } from "./writer.ts";

/** Stores an arrival as the contract says; runs inside a transaction. */
export function accept(store: Store, arrival: Arrival, now: number, wake: Wake): Acceptance {
  const first = findFirst(store, arrival);
  if (first !== null) return { status: "duplicate", event: first };

  const bookingKey = arrival.identity === null ? arrival.id : resolve(store, arrival.identity);
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
    arrival.duplicateKey,
    JSON.stringify(verdicts),
    columns.event,
    columns.body,
  );
  if (known !== null) writeKnown(store, bookingKey, known);
  enqueue(store, { ...arrival, bookingKey }, deliveries, 1, now, wake);
  return { status: "accepted", event: arrival.id, deliveries: deliveries.length };
}

function findFirst(store: Store, { source, duplicateKey, receivedAt, dedupeMs }: Arrival): string | null {
  if (duplicateKey === null) return null;
  const row = store.get(
    "SELECT id FROM events WHERE source = ? AND duplicate_key = ? AND received_at >= ? ORDER BY received_at LIMIT 1",
    source,
    duplicateKey,
    receivedAt - dedupeMs,
  );
  return row === undefined ? null : rows.identified.parse(row).id;
}

function resolve(store: Store, { uid, previousUid, rootUid }: BookingIdentity): string {
  const uids = previousUid === null ? [uid] : [uid, previousUid];
  const met = uids.map((one) => store.get("SELECT booking_key AS key FROM aliases WHERE uid = ?", one)).find(Boolean);
  const key = met === undefined ? (rootUid ?? previousUid ?? uid) : rows.keyed.parse(met).key;
  for (const one of uids) store.run("INSERT INTO aliases VALUES (?, ?) ON CONFLICT DO NOTHING", one, key);
  return key;
}

function readKnown(store: Store, bookingKey: string): KnownBooking | null {
  const row = store.get("SELECT known FROM bookings WHERE key = ?", bookingKey);
  return row === undefined ? null : rows.known.parse(row).known;
}

function writeKnown(store: Store, bookingKey: string, known: KnownBooking): void {
  store.run(
    "INSERT INTO bookings VALUES (?, ?) ON CONFLICT DO UPDATE SET known = excluded.known",
    bookingKey,
    JSON.stringify(known),
  );
}
