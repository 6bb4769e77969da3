import type { Transaction } from "./database.ts";

// Advisory locks, held to the end of the transaction, so they work through a pooler too. Taken all at once and in one order, and those of
// arrivals before those of booking keys: no two transactions ever wait for each other in a circle.

/** Makes events that may be one event, or may be of one booking, wait for each other. */
export async function lockArrivals(tx: Transaction, names: readonly string[]): Promise<void> {
  await lock(tx, 1, names);
}

/** Makes whatever changes the queues, views and memory of these bookings wait for each other. */
export async function lockKeys(tx: Transaction, keys: readonly string[]): Promise<void> {
  await lock(tx, 2, keys);
}

/** Lets one relay at a time claim of a sink, so that none oversees what another has just claimed. */
export async function lockClaims(tx: Transaction, sink: string): Promise<void> {
  await lock(tx, 3, [sink]);
}

/** Lets one relay at a time do what has to be done once. */
export async function lockUpkeep(tx: Transaction, what: string): Promise<void> {
  await lock(tx, 4, [what]);
}

async function lock(tx: Transaction, kind: number, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await tx.rows(
    `SELECT pg_advisory_xact_lock(place) FROM (
       SELECT DISTINCT hashtextextended(name, $2) AS place FROM unnest($1::text[]) AS name ORDER BY place
     ) AS places`,
    names,
    kind,
  );
}
