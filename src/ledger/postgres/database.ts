import { setTimeout as sleepFor } from "node:timers/promises";
import { Pool, types, type ClientConfig, type PoolClient, type QueryResult } from "pg";
import type { Db } from "pg-boss";
import { LedgerUnavailable } from "../errors.ts";
import { failure, isConflict, isSilence } from "./failure.ts";
import { lockSql, type Lock } from "./locks.ts";
import { Statements } from "./statements.ts";

export type Value = string | number | boolean | null | readonly (string | number | boolean | null)[];

/** Statements of one transaction. */
export interface Transaction {
  rows(sql: string, ...values: readonly Value[]): Promise<unknown[]>;
  /** How many rows it changed. */
  run(sql: string, ...values: readonly Value[]): Promise<number>;
  /** Several statements, without values. */
  script(sql: string): Promise<void>;
  /** The same transaction, for pg-boss. */
  readonly db: Db;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most. */
  readonly pool: number;
}

/**
 * Limits of each transaction, set inside it, since a pooler in between refuses them at connecting. A relay that is stopped in the midst of
 * one holds up the others no longer than the second says.
 */
const BEGIN =
  "BEGIN; SET LOCAL statement_timeout = 15000; SET LOCAL idle_in_transaction_session_timeout = 5000; SET LOCAL enable_seqscan = off";

/** Longer than any statement may take by the above: what has not answered by then has lost its network. */
const ANSWER_MS = 20_000;
const CONNECT_MS = 5_000;
const MOST_TRIES = 8;

/** Thrown inside a transaction that has found its ground moved: it is done again from the beginning. */
export class Again extends Error {
  override readonly name = "Again";
}

/** The connections to one database. Every method throws LedgerUnavailable for what befalls the store. */
export class Database {
  readonly #pool: Pool;
  readonly #statements = new Statements();
  #isClosed = false;

  constructor({ url, pool }: DatabaseOptions) {
    this.#pool = new Pool({ ...connectionOf(url), max: pool, types: { getTypeParser } });
    // Of a connection that stood idle: the pool has dropped it, and whoever needs one next sees what is wrong.
    this.#pool.on("error", () => undefined);
  }

  /** One statement by itself. */
  async rows(sql: string, ...values: readonly Value[]): Promise<unknown[]> {
    this.#expectOpen();
    try {
      return (await this.#pool.query(sql, [...values])).rows;
    } catch (error) {
      throw failure(error);
    }
  }

  /** Several statements, without values. */
  async script(sql: string): Promise<void> {
    this.#expectOpen();
    try {
      await this.#pool.query(sql);
    } catch (error) {
      throw failure(error);
    }
  }

  /** All or nothing, under these locks. Done again where it got in another's way, so `work` may be called several times. */
  async transaction<T>(work: (tx: Transaction) => Promise<T>, locks: readonly Lock[] = []): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#once(work, locks);
      } catch (error) {
        if (!(error instanceof Again || isConflict(error))) throw error;
        if (tries === MOST_TRIES)
          throw new LedgerUnavailable("the ledger in PostgreSQL: too much at once", { cause: error });
        await sleepFor(tries * tries * 5 * (0.5 + Math.random()));
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pool.end();
  }

  async #once<T>(work: (tx: Transaction) => Promise<T>, locks: readonly Lock[]): Promise<T> {
    this.#expectOpen();
    const client = await this.#connect();
    let isBroken = true;
    try {
      const result = await inTransaction(client, this.#statements, work, locks);
      isBroken = false;
      return result;
    } catch (error) {
      isBroken = isSilence(error) || !(await rollback(client));
      throw error;
    } finally {
      client.removeListener("error", outlive);
      client.release(isBroken);
    }
  }

  /**
   * A connection that breaks between two statements says so to nobody else, and would end the process: the listener is there before anything
   * more can come, which with a promise it is not, since the server's last word may come along with its first.
   */
  #connect(): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      this.#pool.connect((error, client) => {
        if (client === undefined) return reject(failure(error));
        client.on("error", outlive);
        resolve(client);
      });
    });
  }

  #expectOpen(): void {
    if (this.#isClosed) throw new LedgerUnavailable("the ledger is closed");
  }
}

function outlive(): void {
  // Whoever uses the connection next finds out.
}

/** What every connection to the database is made with. */
export function connectionOf(url: string) {
  return {
    connectionString: url,
    application_name: "cal-relay",
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
  } satisfies ClientConfig;
}

async function inTransaction<T>(
  client: PoolClient,
  statements: Statements,
  work: (tx: Transaction) => Promise<T>,
  locks: readonly Lock[],
): Promise<T> {
  async function query(sql: string, values?: readonly unknown[]): Promise<QueryResult> {
    try {
      const name = values === undefined ? {} : statements.nameOf(sql);
      return await client.query({ text: sql, values: [...(values ?? [])], ...name });
    } catch (error) {
      if (statements.areMissing(error)) throw new Again("prepared statements do not last here", { cause: error });
      throw failure(error);
    }
  }

  await query(`${BEGIN}; ${lockSql(locks)}`);
  const result = await work({
    rows: async (sql, ...values) => (await query(sql, values)).rows,
    run: async (sql, ...values) => (await query(sql, values)).rowCount ?? 0,
    script: async (sql) => void (await query(sql)),
    db: { executeSql: (sql, values = []) => query(sql, values) },
  });
  await query("COMMIT");
  return result;
}

/** False where the connection is not to be used again. */
async function rollback(client: PoolClient): Promise<boolean> {
  return client.query("ROLLBACK").then(
    () => true,
    () => false,
  );
}

const INT8 = 20;

/** Counts and places of 64 bits are numbers here: none comes near 2⁵³. */
function getTypeParser(oid: number, format?: "text" | "binary"): unknown {
  return oid === INT8 ? Number : types.getTypeParser(oid, format);
}
