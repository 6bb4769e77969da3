import type { Attempt, Backlog, Delivery, DeliveryQuery, EventQuery, StoredEvent } from "../ledger.ts";
import * as rows from "./rows.ts";
import type { Store } from "./store.ts";
import { where } from "./where.ts";

export function events(store: Store, { trigger, source, since, limit }: EventQuery): StoredEvent[] {
  const { clause, values } = where({ "trigger =": trigger, "source =": source, "received_at >=": since });
  return store
    .all(`SELECT ${EVENT_COLUMNS} FROM events ${clause} ORDER BY received_at DESC, seq DESC LIMIT ?`, ...values, limit)
    .map((row) => rows.storedEvent.parse(row));
}

export function event(store: Store, id: string): StoredEvent | null {
  const row = store.get(`SELECT ${EVENT_COLUMNS} FROM events WHERE id = ?`, id);
  return row === undefined ? null : rows.storedEvent.parse(row);
}

export function deliveries(store: Store, { state, sink, since, event: of, limit }: DeliveryQuery): Delivery[] {
  const { clause, values } = where({ "event =": of, "sink =": sink, "state =": state, "accepted_at >=": since });
  // An event has few deliveries; SQLite, without statistics, would rather walk all of a sink in a state.
  const byEvent = of === undefined ? "" : "INDEXED BY deliveries_by_event";
  return store
    .all(
      `SELECT ${rows.DELIVERY_COLUMNS} FROM deliveries AS d ${byEvent} ${clause} ORDER BY accepted_at DESC, seq DESC LIMIT ?`,
      ...values,
      limit,
    )
    .map((row) => rows.delivery.parse(row));
}

export function delivery(store: Store, id: string): Delivery | null {
  const row = store.get(`SELECT ${rows.DELIVERY_COLUMNS} FROM deliveries AS d WHERE d.id = ?`, id);
  return row === undefined ? null : rows.delivery.parse(row);
}

export function attempts(store: Store, id: string): Attempt[] {
  return store
    .all(
      `SELECT number, started_at AS startedAt, duration_ms AS durationMs, outcome, message, answer, reason FROM attempts
       WHERE delivery = (SELECT seq FROM deliveries WHERE id = ?) ORDER BY seq`,
      id,
    )
    .map((row) => rows.attempt.parse(row));
}

export function backlog(store: Store): Backlog[] {
  return store
    .all(
      `SELECT sink, state, count,
              (SELECT min(accepted_at) FROM deliveries AS d WHERE d.sink = backlog.sink AND d.state = backlog.state) AS oldest
       FROM backlog WHERE count > 0 ORDER BY sink, state`,
    )
    .map((row) => rows.backlog.parse(row));
}

const EVENT_COLUMNS = "event, booking_key AS bookingKey, verdicts";
