import { DatabaseError } from "pg";
import { LedgerUnavailable } from "../errors.ts";

/**
 * SQLSTATE classes and codes that speak of the server, the connection or the moment, not of what was asked:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html. The longest prefix counts.
 */
const REASONS: readonly (readonly [prefix: string, reason: string])[] = [
  ["08", "the connection failed"],
  ["25006", "the server takes no writes; it may be a standby"],
  ["25P03", "a transaction stood idle for too long"],
  ["28", "the server refuses the user or password"],
  ["3D000", "the database does not exist"],
  ["40", "too many transactions were in each other's way"],
  ["42501", "the user lacks a right"],
  ["42P01", "a table is missing"],
  ["53100", "the server's disk is full"],
  ["53200", "the server is short of memory"],
  ["53300", "the server has no connection left"],
  ["53", "the server lacks resources"],
  ["55000", "the database lets nobody in at the moment"],
  ["55P03", "a lock was not to be had in time"],
  ["57014", "a statement took too long"],
  ["57", "the server is stopping or starting"],
  ["58", "the server's disk or system failed"],
  ["72000", "a snapshot is too old"],
  ["XX", "the server has an internal error"],
];

/**
 * What befell the store, as the contract names it. Everything the driver throws that is no answer of the server is trouble with the
 * connection. Any other answer is a defect of the caller, and given back as it is.
 */
export function failure(error: unknown): unknown {
  if (error instanceof LedgerUnavailable) return error;
  const reason = error instanceof DatabaseError ? reasonOf(error.code) : "it cannot be reached";
  return reason === undefined ? error : new LedgerUnavailable(`the ledger in PostgreSQL: ${reason}`, { cause: error });
}

/** Two transactions got in each other's way: the one that failed is done again. */
export function isConflict(error: unknown): boolean {
  const cause = error instanceof LedgerUnavailable ? error.cause : error;
  return cause instanceof DatabaseError && (cause.code === "40001" || cause.code === "40P01");
}

export function isMissingRight(error: unknown): boolean {
  const cause = error instanceof LedgerUnavailable ? error.cause : error;
  return cause instanceof DatabaseError && cause.code === "42501";
}

/** The server has said nothing: there is no use in asking it anything more over this connection. */
export function isSilence(error: unknown): boolean {
  return error instanceof LedgerUnavailable && !(error.cause instanceof DatabaseError);
}

function reasonOf(code: string | undefined): string | undefined {
  if (code === undefined) return "the server gave an unknown answer";
  const matching = REASONS.filter(([prefix]) => code.startsWith(prefix));
  return matching.toSorted(([a], [b]) => b.length - a.length)[0]?.[1];
}
