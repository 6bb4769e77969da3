import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { LedgerRefused } from "../errors.ts";
import { openSqliteLedger } from "../sqlite/open.ts";
import { Database, type Transaction } from "./database.ts";
import { insert } from "./insert.ts";
import { openPostgresLedger, type PostgresOptions } from "./open.ts";
import { TABLES, type Table } from "./tables.ts";

export interface CopyOptions {
  /** Of an embedded ledger that no relay is running on. */
  readonly file: string;
  readonly to: Omit<PostgresOptions, "onTrouble">;
  /** Called after each batch: rows of all tables. */
  readonly onProgress: (done: number, total: number) => void;
}

/** How many rows each table has got. */
export type Copied = readonly { readonly table: string; readonly rows: number }[];

const BATCH = 500;

/**
 * Copies a whole embedded ledger into a database, all or nothing; a relay can go on there at once. The file stays a ledger as it was, but for
 * what ran when its relay died, which is handed back as at any start. Throws LedgerRefused where a relay is running on the file, and where
 * the database holds a ledger that is in use or not empty.
 */
export async function copyLedger({ file, to, onProgress }: CopyOptions): Promise<Copied> {
  if (!existsSync(file)) throw new LedgerRefused(`no ledger at ${resolve(file)}`);
  // As a relay: none may run on the file meanwhile, and what one left running is handed back.
  const source = await openSqliteLedger({ file, now: to.now, mode: "relay" });
  const reader = new DatabaseSync(file, { readOnly: true });
  const database = new Database({ url: to.url, pool: 1 });
  try {
    await expectUnused(database);
    await (await openPostgresLedger({ ...to, onTrouble: () => undefined })).close();
    const copied = await database.transaction((tx) => copyTables(tx, reader, onProgress));
    await database.script(TABLES.map(({ target }) => `ANALYZE ${target.table}`).join("; "));
    return copied;
  } finally {
    reader.close();
    await Promise.all([source.close(), database.close()]);
  }
}

async function copyTables(
  tx: Transaction,
  reader: DatabaseSync,
  onProgress: CopyOptions["onProgress"],
): Promise<Copied> {
  await tx.script("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0");
  for (const { target } of TABLES) await expectEmpty(tx, target.table);
  const total = TABLES.reduce((sum, { name }) => sum + countRows(reader, name), 0);
  onProgress(0, total);
  let done = 0;
  const copied: { table: string; rows: number }[] = [];
  for (const table of TABLES) {
    let rows = 0;
    for (const batch of batchesOf(reader, table)) {
      await insert(tx, table.target, batch.map(table.row));
      rows += batch.length;
      done += batch.length;
      onProgress(Math.min(done, total), total);
    }
    copied.push({ table: table.name, rows });
  }
  return copied;
}

function* batchesOf(reader: DatabaseSync, { sql }: Table): Generator<Record<string, unknown>[]> {
  let batch: Record<string, unknown>[] = [];
  for (const row of reader.prepare(sql).iterate()) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function countRows(reader: DatabaseSync, table: string): number {
  return counted.parse(reader.prepare(`SELECT count(*) AS count FROM ${table}`).get()).count;
}

const counted = z.object({ count: z.number() });

async function expectEmpty(tx: Transaction, table: string): Promise<void> {
  const found = await tx.rows(`SELECT 1 FROM ${table} LIMIT 1`);
  if (found.length > 0)
    throw new LedgerRefused(
      "the database holds a ledger already; nothing was copied. Name another database, or drop its schema cal_relay",
    );
}

/** A relay that is connected would write meanwhile. */
async function expectUnused(database: Database): Promise<void> {
  const found = await database.rows(
    `SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'cal-relay%' AND pid <> pg_backend_pid()`,
  );
  if (found.length > 0)
    throw new LedgerRefused("a relay is connected to the database: stop it first; nothing was copied");
}
