import { onTestFinished } from "vitest";
import type { Claim, Ledger } from "../../../src/ledger/ledger.ts";
import { openPostgresLedger, type PostgresOptions } from "../../../src/ledger/postgres/open.ts";
import { query } from "../../support/postgres/query.ts";
import { freshLedgerDatabase } from "../../support/postgres/shared.ts";

export interface Relays {
  readonly url: string;
  readonly ledgers: readonly [Ledger, Ledger, Ledger];
  /** Statements at the same database, beside the relays. */
  readonly sql: (text: string) => Promise<Record<string, unknown>[]>;
}

/** The ledgers of three relays on one new database, closed when the test is over. */
export async function threeRelays(): Promise<Relays> {
  const url = await freshLedgerDatabase();
  const ledgers = await Promise.all([openRelay(url), openRelay(url), openRelay(url)]);
  return { url, ledgers, sql: (text) => query(url, text) };
}

/** Troubles behind the scenes are what several tests make: they are heard by nobody unless the test says so. */
export async function openRelay(url: string, options: Partial<PostgresOptions> = {}): Promise<Ledger> {
  const ledger = await openPostgresLedger({
    url,
    pool: 4,
    leaseSeconds: 10,
    now: Date.now,
    onTrouble: () => undefined,
    ...options,
  });
  onTestFinished(() => ledger.close());
  return ledger;
}

/** One after the other. */
export function pick(ledgers: Relays["ledgers"], turn: number): Ledger {
  return ledgers[turn % ledgers.length] ?? ledgers[0];
}

export function idsOf(claims: readonly Claim[]): string[] {
  return claims.map(({ delivery }) => delivery.id);
}

/** The numbers from 1 to `count`. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}
