import { z } from "zod";
import type { BookingIdentity } from "../../event.ts";
import type { Arrival } from "../arrival.ts";
import { Again, type Transaction } from "./database.ts";
import { lockKeys } from "./locks.ts";
import { indexed } from "./text.ts";

/** The uids of a booking as they are looked up, the earliest row of the chain first: its key is the one that other events lead to likeliest. */
export function uidsOf({ uid, previousUid, rootUid }: BookingIdentity): string[] {
  const told = [rootUid, previousUid, uid].filter((one) => one !== null);
  return [...new Set(told.map(indexed))];
}

/**
 * The booking keys known for the uids of these arrivals. Nobody else changes anything of these bookings until the transaction ends. Keys may
 * be united between being found and being locked: then it is done again.
 */
export async function knownKeys(tx: Transaction, arrivals: readonly Arrival[]): Promise<Map<string, string>> {
  const uids = [...new Set(arrivals.flatMap(({ identity }) => (identity === null ? [] : uidsOf(identity))))];
  const found = await findKeys(tx, uids);
  if (found.size === 0) return found;
  const locked = new Set(found.values());
  await lockKeys(tx, [...locked]);
  const again = await findKeys(tx, uids);
  for (const key of again.values()) if (!locked.has(key)) throw new Again("bookings were united meanwhile");
  return again;
}

async function findKeys(tx: Transaction, uids: readonly string[]): Promise<Map<string, string>> {
  if (uids.length === 0) return new Map();
  const rows = await tx.rows(
    `SELECT uid AS name, coalesce(united.key, booking_key) AS key
     FROM cal_relay.aliases LEFT JOIN cal_relay.united ON lost = booking_key WHERE uid = ANY($1)`,
    uids,
  );
  return new Map(rows.map((row) => pair.parse(row)).map(({ name, key }) => [name, key]));
}

/**
 * The key that each of these stands for by now, itself as a rule. Nobody else changes anything of these bookings until the transaction ends.
 * One that has been lost takes a second lock, out of order: should that end in a circle, PostgreSQL breaks it.
 */
export async function liveKeys(tx: Transaction, keys: readonly string[]): Promise<Map<string, string>> {
  const named = [...new Set(keys)];
  const live = new Map(named.map((key) => [key, key]));
  await lockKeys(tx, named);
  const lost = await findLost(tx, named);
  if (lost.size === 0) return live;
  await lockKeys(tx, [...lost.values()]);
  for (const [key, by] of await findLost(tx, named)) {
    if (lost.get(key) !== by) throw new Again("bookings were united meanwhile");
    live.set(key, by);
  }
  return live;
}

/**
 * Keys that were found without being held, held from now on. They may have been lost between the two: then it is done again. Locked out of
 * order, and a circle is PostgreSQL's to break.
 */
export async function holdLive(tx: Transaction, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await lockKeys(tx, keys);
  const lost = await findLost(tx, keys);
  if (lost.size > 0) throw new Again("bookings were united meanwhile");
}

async function findLost(tx: Transaction, keys: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.rows("SELECT lost AS name, key FROM cal_relay.united WHERE lost = ANY($1)", keys);
  return new Map(rows.map((row) => pair.parse(row)).map(({ name, key }) => [name, key]));
}

const pair = z.object({ name: z.string(), key: z.string() });
