import { RelayError } from "../error.ts";
import { LedgerRefused, LedgerUnavailable } from "../ledger/errors.ts";

interface FlatError {
  readonly code: string | null;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** What is left of an error that goes from one thread to another. */
export function flatten(error: unknown): FlatError {
  if (!(error instanceof Error)) return { code: null, name: typeof error, message: "not an error", stack: undefined };
  const { name, message, stack } = error;
  return { code: error instanceof RelayError ? error.code : null, name, message, stack };
}

export function revive(flat: unknown): Error {
  // Both threads run this file: only `flatten` makes one.
  const { code, name, message, stack } = flat as FlatError;
  if (code === "ledger_unavailable") return new LedgerUnavailable(message);
  if (code === "ledger_refused") return new LedgerRefused(message);
  return Object.assign(new Error(message), { name, ...(stack === undefined ? {} : { stack }) });
}
