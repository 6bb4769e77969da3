import { createHash } from "node:crypto";
import type { Transaction } from "./database.ts";

// Advisory locks, held to the end of the transaction, so they work through a pooler too. Taken all at once and in one order, and those of
// arrivals before those of booking keys: no two transactions ever wait for each other in a circle.

/** What a transaction locks as it begins. */
export type Lock = bigint;

/** Makes events that may be one event, or may be of one booking, wait for each other. */
export function arrivalLock(name: string): Lock {
  return placeOf("arrival", name);
}

/** Makes whatever changes the queues, views and memory of a booking wait for each other. */
export function keyLock(key: string): Lock {
  return placeOf("key", key);
}

/** Lets one relay at a time claim of a sink, so that none oversees what another has just claimed. */
export function claimLock(sink: string): Lock {
  return placeOf("claim", sink);
}

/** Lets one relay at a time bring the schema up to date. */
export const migrationLock: Lock = placeOf("migrate", "");

export async function lockKeys(tx: Transaction, keys: readonly string[]): Promise<void> {
  await tx.script(lockSql(keys.map(keyLock)));
}

/** Numbers only, so that it goes along with other statements; empty for none. */
export function lockSql(locks: readonly Lock[]): string {
  if (locks.length === 0) return "";
  const places = [...new Set(locks)].toSorted((a, b) => (a < b ? -1 : 1));
  return `SELECT pg_advisory_xact_lock(place) FROM unnest('{${places.join()}}'::bigint[]) AS place`;
}

/** 64 bits, as PostgreSQL counts its locks. */
function placeOf(kind: string, name: string): Lock {
  return createHash("sha256").update(`cal_relay ${kind} ${name}`).digest().readBigInt64BE();
}
