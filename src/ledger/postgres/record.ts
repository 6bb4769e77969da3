import type { Attempt, Backlog, Delivery, DeliveryQuery, EventQuery, StoredEvent } from "../ledger.ts";
import * as rows from "../rows.ts";
import type { Database } from "./database.ts";
import { indexed } from "./text.ts";
import { where } from "./where.ts";

export async function events(database: Database, query: EventQuery): Promise<StoredEvent[]> {
  const { trigger, source, since, limit } = query;
  const told = trigger === undefined ? undefined : indexed(trigger);
  const { clause, values } = where({ "trigger =": told, "source =": source, "received_at >=": since });
  const found = await database.rows(
    `SELECT ${EVENT_COLUMNS} FROM cal_relay.events ${clause} ORDER BY received_at DESC, seq DESC LIMIT ${limit}`,
    ...values,
  );
  return found.map((row) => rows.storedEvent.parse(row));
}

export async function event(database: Database, id: string): Promise<StoredEvent | null> {
  const [row] = await database.rows(`SELECT ${EVENT_COLUMNS} FROM cal_relay.events WHERE id = $1`, id);
  return row === undefined ? null : rows.storedEvent.parse(row);
}

export async function deliveries(database: Database, query: DeliveryQuery): Promise<Delivery[]> {
  const { event: of, sink, state, since, limit } = query;
  const { clause, values } = where({ "event =": of, "sink =": sink, "state =": state, "accepted_at >=": since });
  const found = await database.rows(
    `SELECT ${rows.DELIVERY_COLUMNS} FROM cal_relay.deliveries AS d ${clause}
     ORDER BY accepted_at DESC, seq DESC LIMIT ${limit}`,
    ...values,
  );
  return found.map((row) => rows.delivery.parse(row));
}

export async function delivery(database: Database, id: string): Promise<Delivery | null> {
  const sql = `SELECT ${rows.DELIVERY_COLUMNS} FROM cal_relay.deliveries AS d WHERE d.id = $1`;
  const [row] = await database.rows(sql, id);
  return row === undefined ? null : rows.delivery.parse(row);
}

export async function attempts(database: Database, id: string): Promise<Attempt[]> {
  const found = await database.rows(
    `SELECT number, started_at AS "startedAt", duration_ms AS "durationMs", outcome, message, answer, reason
     FROM cal_relay.attempts WHERE delivery = $1 ORDER BY seq`,
    id,
  );
  return found.map((row) => rows.attempt.parse(row));
}

export async function backlog(database: Database): Promise<Backlog[]> {
  const found = await database.rows(
    `WITH sums AS (
       SELECT sink, state, sum(change)::float8 AS count FROM cal_relay.backlog GROUP BY sink, state
     ), unsettled AS (
       SELECT sink, count,
         (SELECT count(*) FROM cal_relay.deliveries AS d WHERE d.sink = sums.sink AND d.state = 'running')::float8 AS running
       FROM sums WHERE state = 'waiting'
     )
     SELECT sink, state, count, NULL::float8 AS oldest FROM sums WHERE state <> 'waiting' AND count > 0
     UNION ALL
     SELECT sink, 'running', running, ${oldest("running")} FROM unsettled WHERE running > 0
     UNION ALL
     SELECT sink, 'waiting', count - running, ${oldest("waiting")} FROM unsettled WHERE count > running
     ORDER BY sink, state`,
  );
  return found.map((row) => rows.backlog.parse(row));
}

function oldest(state: "waiting" | "running"): string {
  return `(SELECT min(accepted_at) FROM cal_relay.deliveries AS d
           WHERE d.sink = unsettled.sink AND d.settled_at IS NULL AND d.state = '${state}')`;
}

const EVENT_COLUMNS = 'event, body, booking_key AS "bookingKey", verdicts';
