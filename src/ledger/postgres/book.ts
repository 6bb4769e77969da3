import { z } from "zod";
import type { KnownBooking } from "../arrival.ts";
import * as read from "../rows.ts";
import type { Transaction } from "./database.ts";
import { insert } from "./insert.ts";

/** What is known of some bookings and waits of them, while a transaction that holds their keys adds to it. */
export interface Book {
  known(key: string): KnownBooking | null;
  learn(key: string, known: KnownBooking): void;
  /** Whether something of the booking is unsettled at the sink. */
  isQueued(sink: string, key: string): boolean;
  queue(sink: string, key: string): void;
  /** Writes what was learnt. */
  write(tx: Transaction): Promise<void>;
}

export async function bookOf(tx: Transaction, keys: readonly string[]): Promise<Book> {
  const wanted = [...new Set(keys)];
  const views = await readViews(tx, wanted);
  const queued = await readQueues(tx, wanted);
  const learnt = new Map<string, KnownBooking>();
  const nameOf = (sink: string, key: string): string => `${sink} ${key}`;
  return {
    known: (key) => learnt.get(key) ?? views.get(key) ?? null,
    learn: (key, known) => void learnt.set(key, known),
    isQueued: (sink, key) => queued.has(nameOf(sink, key)),
    queue: (sink, key) => void queued.add(nameOf(sink, key)),
    async write(writing) {
      await writeViews(writing, learnt);
      for (const [key, known] of learnt) views.set(key, known);
      learnt.clear();
    },
  };
}

const view = read.known.extend({ key: z.string() });

async function readViews(tx: Transaction, keys: readonly string[]): Promise<Map<string, KnownBooking>> {
  if (keys.length === 0) return new Map();
  const found = await tx.rows("SELECT key, known FROM cal_relay.bookings WHERE key = ANY($1)", keys);
  return new Map(found.map((row) => view.parse(row)).map(({ key, known }) => [key, known]));
}

const BOOKINGS = {
  table: "cal_relay.bookings",
  columns: { key: "text", known: "text" },
  conflict: "ON CONFLICT (key) DO UPDATE SET known = excluded.known",
} as const;

export async function writeViews(tx: Transaction, views: ReadonlyMap<string, KnownBooking>): Promise<void> {
  const rows = [...views].map(([key, known]) => ({ key, known: JSON.stringify(known) }));
  await insert(tx, BOOKINGS, rows);
}

async function readQueues(tx: Transaction, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const found = await tx.rows(
    `SELECT DISTINCT sink, booking_key AS "bookingKey" FROM cal_relay.deliveries
     WHERE booking_key = ANY($1) AND settled_at IS NULL`,
    keys,
  );
  return new Set(found.map((row) => read.queue.parse(row)).map(({ sink, bookingKey }) => `${sink} ${bookingKey}`));
}
