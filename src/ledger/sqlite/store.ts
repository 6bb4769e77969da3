import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";

export type Row = Record<string, SQLOutputValue>;

/** How long a statement waits for another process's commit. */
const BUSY_TIMEOUT_MS = 2_000;

/** One connection to the file, with every statement prepared once. Everything it does is synchronous. */
export class Store {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** Opens or creates the file. A commit is durable when it returns: WAL, synced at every commit. */
  constructor(file: string) {
    this.#database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  }

  /** Settings of the connection. Apart from opening, since WAL is written into the file for good. */
  configure(): void {
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -32768;
      PRAGMA wal_autocheckpoint = 8000;
      PRAGMA journal_size_limit = 67108864;
    `);
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  /** How many rows were changed, not counting those changed by cascades and triggers. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  /** Several statements without values, prepared for this one time. */
  script(sql: string): void {
    this.#database.exec(sql);
  }

  /** Runs `work` in one transaction of its own. */
  transaction<T>(work: () => T): T {
    this.run("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.run("COMMIT");
      return result;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  /** Some failures end the transaction by themselves: https://sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction */
  rollback(): void {
    if (this.#database.isTransaction) this.run("ROLLBACK");
  }

  /** The last connection to close moves the write-ahead log into the file. */
  close(): void {
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    const kept = this.#statements.get(sql);
    if (kept !== undefined) return kept;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
