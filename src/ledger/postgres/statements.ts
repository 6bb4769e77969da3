import { DatabaseError } from "pg";

/** Statements of a server that can be told apart at most, on each connection. */
const MOST = 200;

/** No such statement, and one of that name already: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const MISSING: ReadonlySet<string | undefined> = new Set(["26000", "42P05"]);

/**
 * Names the statements that come again and again, so that the server plans each once on a connection: planning takes half of the time of most
 * of them. A pooler that gives each transaction another connection, and knows nothing of names, is found out by its first error; from then
 * on nothing is named.
 */
export class Statements {
  readonly #names = new Map<string, string>();
  #isUseless = false;

  /** Nothing for what is sent as it is. */
  nameOf(sql: string): { readonly name?: string } {
    if (this.#isUseless) return {};
    const known = this.#names.get(sql);
    if (known !== undefined) return { name: known };
    if (this.#names.size >= MOST) return {};
    const name = `relay_${this.#names.size}`;
    this.#names.set(sql, name);
    return { name };
  }

  /** True once: from then on no statement has a name. */
  areMissing(error: unknown): boolean {
    if (this.#isUseless || !(error instanceof DatabaseError) || !MISSING.has(error.code)) return false;
    this.#isUseless = true;
    return true;
  }
}
