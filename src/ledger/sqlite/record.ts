import type { Attempt, Backlog, Delivery, DeliveryQuery, EventQuery, StoredEvent } from "../ledger.ts";
import * as rows from "../rows.ts";
import type { Store } from "./store.ts";
import { stateIs, where } from "./where.ts";

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

export function deliveries(store: Store, query: DeliveryQuery): Delivery[] {
  const { clause, values } = where({
    "event =": query.event,
    "sink =": query.sink,
    ...stateIs(query.state),
    "accepted_at >=": query.since,
  });
  return store
    .all(
      `SELECT ${rows.DELIVERY_COLUMNS} FROM deliveries AS d ${indexFor(query)} ${clause}
       ORDER BY accepted_at DESC, seq DESC LIMIT ?`,
      ...values,
      query.limit,
    )
    .map((row) => rows.delivery.parse(row));
}

/** SQLite, without statistics, cannot know that an event has few deliveries, and that few are given up. */
function indexFor({ event: of, state }: DeliveryQuery): string {
  if (of !== undefined) return "INDEXED BY deliveries_by_event";
  return state === "dead" || state === "skipped" ? "INDEXED BY deliveries_by_giving_up" : "";
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
      `WITH unsettled AS (
         SELECT sink, count, (SELECT count(*) FROM deliveries AS d WHERE d.sink = backlog.sink AND d.state = 'running') AS running
         FROM backlog WHERE state = 'waiting'
       )
       SELECT sink, state, count, NULL AS oldest FROM backlog WHERE state <> 'waiting' AND count > 0
       UNION ALL
       SELECT sink, 'running', running, ${oldest("running")} FROM unsettled WHERE running > 0
       UNION ALL
       SELECT sink, 'waiting', count - running, ${oldest("waiting")} FROM unsettled WHERE count > running
       ORDER BY sink, state`,
    )
    .map((row) => rows.backlog.parse(row));
}

function oldest(state: "waiting" | "running"): string {
  return `(SELECT min(accepted_at) FROM deliveries AS d INDEXED BY deliveries_by_sink_unsettled
           WHERE d.sink = unsettled.sink AND d.settled_at IS NULL AND d.state = '${state}')`;
}

const EVENT_COLUMNS = "event, body, booking_key AS bookingKey, verdicts";
