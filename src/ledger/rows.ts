import { z } from "zod";
import type { Event, Json, Recency, Verdict } from "../event.ts";
import type { Applied, Attempt, Backlog, Claim, Delivery, Hold, Keeping, Lease, StoredEvent } from "./ledger.ts";
import { readStored } from "./stored-event.ts";

// What the database gives back, parsed: a file may have been written by another version, or by hand.

/** The columns that `delivery` reads, of `deliveries AS d`. */
export const DELIVERY_COLUMNS = `d.id, d.event, d.trigger, d.route, d.target, d.sink, d.booking_key AS "bookingKey", d.state, d.due_at AS "dueAt",
  d.attempts, d.first_attempt_at AS "firstAttemptAt", d.maybe_delivered AS "maybeDelivered", d.reason, d.accepted_at AS "acceptedAt",
  d.settled_at AS "settledAt"`;

const text = z.string().nullable();
const number = z.number().nullable();
/** Whatever JSON.parse makes. */
const anyJson = z.custom<Json>();
const parsed = z.string().transform((stored): unknown => JSON.parse(stored));
const json = parsed.pipe(anyJson);

const recency: z.ZodType<Recency> = z.object({ sequence: number, at: z.string() });

const verdict: z.ZodType<Verdict> = z.object({
  route: z.string(),
  matched: z.boolean(),
  reason: z.object({ condition: z.string(), expected: anyJson, seen: anyJson, text: z.string() }).nullable(),
});

const deliveryFields = {
  id: z.string(),
  event: z.string(),
  trigger: text,
  route: z.string(),
  target: z.string(),
  sink: z.string(),
  bookingKey: z.string(),
  state: z.enum(["waiting", "running", "delivered", "dead", "skipped"]),
  dueAt: z.number(),
  attempts: z.number(),
  firstAttemptAt: number,
  maybeDelivered: z.union([z.boolean(), z.number()]).transform(Boolean),
  reason: text,
  acceptedAt: z.number(),
  settledAt: number,
};

export const delivery: z.ZodType<Delivery> = z.object(deliveryFields);

/** As stored. */
export const applied: z.ZodType<Applied | null> = parsed
  .pipe(z.object({ thing: z.string(), event: z.string(), recency }))
  .nullable();

/** The key that names the booking of a row by now, of a table with a `booking_key`. */
export const LIVE_KEY = "coalesce((SELECT key FROM united WHERE lost = booking_key), booking_key)";

/** A claim as the database gives it, which costs less to hand to another thread than what is read of it. */
export type ClaimRow = Readonly<Record<string, unknown>>;

/** Reads what was claimed. What no relay has written is handed back, with all that was claimed together with it, and the error is thrown. */
export async function readClaims(
  claimed: readonly ClaimRow[],
  release: (lease: Lease) => Promise<void>,
  keep: (lease: Lease, row: ClaimRow) => Keeping = () => forGood,
): Promise<readonly Claim[]> {
  try {
    return claimed.map((row) => {
      const read = claim.parse(row);
      return { ...read, keeping: keep(read, row) };
    });
  } catch (error) {
    await Promise.all(claimed.map((row) => release(readLease(row))));
    throw error;
  }
}

export function readLease(row: ClaimRow): Lease {
  return lease.parse(row);
}

const lease: z.ZodType<Lease> = z
  .object({ ...deliveryFields, lease: z.number() })
  .transform(({ lease: held, ...columns }) => ({ delivery: columns, lease: held }));

/** The leases of a ledger that one process has. */
const forGood: Keeping = { lost: new AbortController().signal, isHeld: () => true };

const claim: z.ZodType<Omit<Claim, "keeping">> = z
  .object({
    ...deliveryFields,
    lease: z.number(),
    eventJson: z.string(),
    body: z.string(),
    memory: json.nullable(),
    applied,
  })
  .transform(({ lease: held, eventJson, body, memory, applied: last, ...columns }) => ({
    delivery: columns,
    lease: held,
    event: underKey(readStored({ event: eventJson, body }), columns.bookingKey),
    memory,
    applied: last,
  }));

/** The key that an event was accepted under may have been lost since. */
function underKey(event: Event, key: string): Event {
  return event.booking.key === key ? event : { ...event, booking: { ...event.booking, key } };
}

export const storedEvent: z.ZodType<StoredEvent> = z
  .object({ event: z.string(), body: z.string(), bookingKey: z.string(), verdicts: parsed.pipe(z.array(verdict)) })
  .transform(({ event, body, ...rest }) => ({ ...rest, event: readStored({ event, body }) }));

export const attempt: z.ZodType<Attempt> = z.object({
  number: z.number(),
  startedAt: z.number(),
  durationMs: z.number(),
  outcome: z.enum(["delivered", "rejected", "unavailable", "rate-limited", "misconfigured", "dry-run", "skipped"]),
  message: json,
  answer: json,
  reason: text,
});

export const hold: z.ZodType<Hold> = z.object({
  sink: z.string(),
  by: z.enum(["person", "relay"]),
  kind: z.enum(["paused", "rate-limited", "misconfigured", "unavailable"]),
  reason: z.string(),
  since: z.number(),
  until: number,
});

export const counted = z.object({ sink: z.string(), state: deliveryFields.state, count: z.number() });
export const backlog: z.ZodType<Backlog> = counted.extend({ oldest: number });

// Rows of one column. Built once: zod compiles a schema when it is first used.
export const known = z.object({ known: json });
export const numbered = z.object({ seq: z.number() });
export const identified = z.object({ id: z.string() });
export const keyed = z.object({ key: z.string() });
export const due = z.object({ dueAt: z.number() });
export const version = z.object({ data_version: z.number() });
export const queue = z.object({ sink: z.string(), bookingKey: z.string() });
export const queued = queue.extend({ seq: z.number() });
