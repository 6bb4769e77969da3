import { z } from "zod";
import { LedgerRefused } from "../errors.ts";
import type { Database, Transaction } from "./database.ts";
import { failure, isMissingRight } from "./failure.ts";
import { lockSql, migrationLock } from "./locks.ts";
import { MIGRATIONS, SCHEMA } from "./schema.ts";

/**
 * Brings the database to the newest schema, all or nothing; `alongside` runs under the same lock, so that of several relays that start at once
 * one does it all and the others find it done. Throws LedgerRefused where the schema is newer than the program, and where the user lacks
 * the right to make or change it.
 */
export async function migrate(database: Database, alongside: () => Promise<void>): Promise<void> {
  try {
    await database.transaction(async (tx) => {
      await tx.script(PATIENT);
      await migrateOwn(tx);
    });
    await database.transaction(async (tx) => {
      await tx.script(PATIENT);
      await alongside().catch((error: unknown) => {
        throw failure(error);
      });
    });
  } catch (error) {
    if (!isMissingRight(error)) throw error;
    const version = await versionOf(database).catch(() => 0);
    throw new LedgerRefused(missingRight(version), { cause: error });
  }
}

/** However long another relay takes, or an index takes to build. */
const PATIENT = `SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; ${lockSql([migrationLock])}`;

function missingRight(version: number): string {
  const from = version === 0 ? "" : ` --from ${version}`;
  return `storage: its user may not create what the ledger needs; let an owner of the database run what \`cal-relay schema --sql${from} --role <user>\` prints`;
}

/** The SQL that brings a database of that version to the newest. */
export function migrationSql(version: number): string {
  const statements = version === 0 ? [`CREATE SCHEMA IF NOT EXISTS ${SCHEMA};`, VERSION_TABLE] : [];
  return [...statements, ...MIGRATIONS.slice(version), setVersion].join("\n");
}

const VERSION_TABLE = `CREATE TABLE ${SCHEMA}.version (version integer NOT NULL);\nINSERT INTO ${SCHEMA}.version VALUES (0);`;
const setVersion = `UPDATE ${SCHEMA}.version SET version = ${MIGRATIONS.length};`;

async function migrateOwn(tx: Transaction): Promise<void> {
  const version = await versionOf(tx);
  if (version > MIGRATIONS.length)
    throw new LedgerRefused(
      `storage: the ledger's schema is version ${version}, this program knows up to ${MIGRATIONS.length}; run the newer relay`,
    );
  if (version < MIGRATIONS.length) await tx.script(migrationSql(version));
}

/** Throws LedgerRefused for a command where there is no ledger of the schema it knows. */
export async function expectOwn(database: Database): Promise<void> {
  const version = await versionOf(database);
  if (version === MIGRATIONS.length) return;
  throw new LedgerRefused(
    version === 0
      ? "storage: no ledger in this database; start the relay first"
      : `storage: the ledger's schema is version ${version}, this program's ${MIGRATIONS.length}; run the relays and this at one version`,
  );
}

/** 0 where nothing is there. */
export async function versionOf(tx: Pick<Transaction, "rows">): Promise<number> {
  const [found] = await tx.rows("SELECT to_regclass($1) IS NOT NULL AS installed", `${SCHEMA}.version`);
  if (!installed.parse(found).installed) return 0;
  const [row] = await tx.rows(`SELECT version FROM ${SCHEMA}.version`);
  return versioned.parse(row).version;
}

const installed = z.object({ installed: z.boolean() });
const versioned = z.object({ version: z.number() });
