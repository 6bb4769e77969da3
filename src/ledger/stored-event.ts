import { z } from "zod";
import type { Booking, Event, Json, Recency } from "../event.ts";

/** An event as its row keeps it: its body once, in a column of its own. */
export interface StoredColumns {
  readonly event: string;
  readonly body: string;
}

/**
 * Cal.com sends compact JSON, so a payload stands in its body letter by letter: then the row keeps only where. An event takes two thirds
 * of the space so, and as much less of every commit.
 */
export function storedColumns({ body, payload, ...rest }: Event): StoredColumns {
  // PostgreSQL's text cannot hold it, JSON can.
  if (body.includes("\0")) return { event: JSON.stringify({ ...rest, payload, body }), body: "" };
  const text = JSON.stringify(payload);
  const start = body.indexOf(text);
  const kept = start < 0 ? { ...rest, payload } : { ...rest, payloadAt: [start, start + text.length] };
  return { event: JSON.stringify(kept), body };
}

/** Null in rows of before it was kept. */
const recency = z.custom<Recency | null>().default(null);

/**
 * As deep as it takes to tell an event's row from anything else: the relay wrote it, under a schema whose version it checks when it opens
 * the file, and reads it at every attempt.
 */
const kept = z.object({
  id: z.string(),
  source: z.string(),
  receivedAt: z.string(),
  trigger: z.string().nullable(),
  createdAt: z.string(),
  payload: z.custom<Json>().optional(),
  payloadAt: z.tuple([z.number(), z.number()]).optional(),
  body: z.string().optional(),
  booking: z.custom<Booking>(hasKey),
  recency,
  answers: z.custom<Event["answers"]>((value) => typeof value === "object" && value !== null),
  drift: z.array(z.string()),
});

function hasKey(value: unknown): boolean {
  return typeof value === "object" && value !== null && "key" in value && typeof value.key === "string";
}

/** Throws a ZodError, or a SyntaxError, for what no relay has written. */
export function readStored({ event, body }: StoredColumns): Event {
  const { payload, payloadAt, body: withNul, ...rest } = kept.parse(JSON.parse(event));
  const sent: unknown = payloadAt === undefined ? (payload ?? null) : JSON.parse(body.slice(...payloadAt));
  // What JSON.parse returns is JSON.
  return { ...rest, payload: sent as Json, body: withNul ?? body };
}
