import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { LedgerRefused } from "../errors.ts";
import { guarded } from "../sqlite/failure.ts";
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

/** For a command that is just changing the file. */
const PATIENCE_MS = 2_000;

/** Of one statement, which is held in memory several times: a webhook's body alone may be a mebibyte and more. */
const MOST = { rows: 500, characters: 4 * 2 ** 20 };

/**
 * Copies a whole embedded ledger into a database, all or nothing; a relay can go on there at once. The file stays a ledger as it was, but for
 * what ran when its relay died, which is handed back as at any start. Throws LedgerRefused where a relay is running on the file, and where
 * the database holds a ledger that is in use, or that has more in it than the secrets which a relay makes as it starts.
 */
export async function copyLedger({ file, to, onProgress }: CopyOptions): Promise<Copied> {
  if (!existsSync(file)) throw new LedgerRefused(`no ledger at ${resolve(file)}`);
  // As a relay: none may run on the file meanwhile, and what one left running is handed back.
  const source = await openSqliteLedger({ file, now: to.now, mode: "relay" });
  const reader = new DatabaseSync(file, { timeout: PATIENCE_MS });
  const database = new Database({ url: to.url, pool: 1 });
  try {
    // A command beside would change what was copied already.
    guarded(() => reader.exec("BEGIN IMMEDIATE"));
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
  // A relay that is started meanwhile waits, and finds it all done.
  await tx.script(`LOCK TABLE ${TABLES.map(({ target }) => target.table).join(", ")}`);
  for (const { target } of TABLES) if (target.conflict === undefined) await expectEmpty(tx, target.table);
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
  let characters = 0;
  for (const row of reader.prepare(sql).iterate()) {
    batch.push(row);
    characters += charactersOf(row);
    if (batch.length < MOST.rows && characters < MOST.characters) continue;
    yield batch;
    [batch, characters] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

function charactersOf(row: Record<string, unknown>): number {
  return Object.values(row).reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 0), 0);
}

function countRows(reader: DatabaseSync, table: string): number {
  return counted.parse(reader.prepare(`SELECT count(*) AS count FROM ${table}`).get()).count;
}

const counted = z.object({ count: z.number() });

async function expectEmpty(tx: Transaction, table: string): Promise<void> {
  const found = await tx.rows(`SELECT 1 FROM ${table} LIMIT 1`);
  if (found.length > 0)
    throw new LedgerRefused(
      "the database holds a ledger already; nothing was copied. Name another database, or drop its schemas cal_relay and cal_relay_queue",
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
