import { z } from "zod";
import { readStored, storedColumns } from "../stored-event.ts";
import type { Target } from "./insert.ts";
import { indexed, plain } from "./text.ts";

type Row = Readonly<Record<string, unknown>>;
type Column = string | number | boolean | null;

/** A table of the embedded ledger, and how its rows stand in the shared one. */
export interface Table {
  readonly name: string;
  /** What is read of it, in the order in which it is written. */
  readonly sql: string;
  /** One with a `conflict` need not be empty. */
  readonly target: Target<string>;
  readonly row: (row: Row) => Readonly<Record<string, Column>>;
}

const text = z.string();
const maybeText = z.string().nullable();
const number = z.number();
const maybeNumber = z.number().nullable();
const flag = z.union([z.literal(0), z.literal(1)]).transform(Boolean);
/** What is looked up, and what people read, as PostgreSQL takes it. */
const key = text.transform(indexed);
const maybeKey = maybeText.transform((told) => (told === null ? null : indexed(told)));
const words = maybeText.transform((told) => (told === null ? null : plain(told)));

/** All tables, those that others refer to first. The order of `seq` is that of the rows. */
export const TABLES: readonly Table[] = [
  table(
    "events",
    "SELECT * FROM events ORDER BY seq",
    {
      id: "text",
      source: "text",
      trigger: "text",
      received_at: "float8",
      booking_key: "text",
      duplicate_key: "text",
      verdicts: "text",
      event: "text",
      body: "text",
    },
    z
      .object({
        id: text,
        source: text,
        trigger: maybeKey,
        received_at: number,
        booking_key: key,
        duplicate_key: maybeText,
        verdicts: text,
        event: text,
        body: text,
      })
      .transform(({ event, body, duplicate_key: repeated, source, ...rest }) => ({
        ...rest,
        source,
        duplicate_key: repeated === null ? null : `${source} ${indexed(repeated)}`,
        ...(body.includes("\0") ? storedColumns(readStored({ event, body })) : { event, body }),
      })),
  ),
  table(
    "aliases",
    "SELECT * FROM aliases",
    { uid: "text", booking_key: "text" },
    z.object({ uid: key, booking_key: key }),
  ),
  table("united", "SELECT * FROM united", { lost: "text", key: "text" }, z.object({ lost: key, key })),
  table("bookings", "SELECT * FROM bookings", { key: "text", known: "text" }, z.object({ key, known: text })),
  table(
    "deliveries",
    "SELECT * FROM deliveries ORDER BY seq",
    {
      id: "text",
      event: "text",
      trigger: "text",
      route: "text",
      target: "text",
      sink: "text",
      booking_key: "text",
      state: "text",
      head: "boolean",
      lease: "int",
      due_at: "float8",
      attempts: "int",
      first_attempt_at: "float8",
      maybe_delivered: "boolean",
      reason: "text",
      accepted_at: "float8",
      settled_at: "float8",
    },
    z.object({
      id: text,
      event: text,
      trigger: maybeKey,
      route: text,
      target: text,
      sink: text,
      booking_key: key,
      // What ran was handed back as the ledger was opened.
      state: z.enum(["waiting", "delivered", "dead", "skipped"]),
      head: flag,
      lease: number,
      due_at: number,
      attempts: number,
      first_attempt_at: maybeNumber,
      maybe_delivered: flag,
      reason: words,
      accepted_at: number,
      settled_at: maybeNumber,
    }),
  ),
  table(
    "attempts",
    "SELECT a.*, d.id AS delivery FROM attempts AS a JOIN deliveries AS d ON d.seq = a.delivery ORDER BY a.seq",
    {
      delivery: "text",
      number: "int",
      started_at: "float8",
      duration_ms: "float8",
      outcome: "text",
      message: "text",
      answer: "text",
      reason: "text",
    },
    z.object({
      delivery: text,
      number,
      started_at: number,
      duration_ms: number,
      outcome: text,
      message: text,
      answer: text,
      reason: words,
    }),
  ),
  table(
    "memory",
    "SELECT * FROM memory",
    { target: "text", booking_key: "text", value: "text", applied: "text" },
    z.object({ target: text, booking_key: key, value: text, applied: maybeText }),
  ),
  table(
    "holds",
    'SELECT sink, by, kind, reason, since, "until" FROM holds',
    { sink: "text", by: "text", kind: "text", reason: "text", since: "float8", '"until"': "float8" },
    z
      .object({ sink: text, by: text, kind: text, reason: text.transform(plain), since: number, until: maybeNumber })
      .transform(({ until, ...rest }) => ({ ...rest, '"until"': until })),
  ),
  table(
    "secrets",
    "SELECT * FROM secrets",
    { source: "text", secret: "text" },
    z.object({ source: text, secret: text }),
    // A relay that was only started has made one. Webhooks are signed with that of the file.
    "ON CONFLICT (source) DO UPDATE SET secret = excluded.secret",
  ),
  table(
    "backlog",
    "SELECT sink, state, count FROM backlog WHERE count <> 0",
    { sink: "text", state: "text", change: "bigint" },
    z.object({ sink: text, state: text, count: number }).transform(({ count, ...of }) => ({ ...of, change: count })),
  ),
];

function table(
  name: string,
  sql: string,
  columns: Target<string>["columns"],
  row: z.ZodType<Readonly<Record<string, Column>>>,
  conflict?: string,
): Table {
  const target = { table: `cal_relay.${name}`, columns, ...(conflict === undefined ? {} : { conflict }) };
  return { name, sql, target, row: (one) => row.parse(one) };
}
