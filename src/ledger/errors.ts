import { RelayError } from "../error.ts";

/** The store cannot take it now: disk full, locked, unreachable. Nothing was stored; the sender may try again. */
export class LedgerUnavailable extends RelayError {
  override readonly name = "LedgerUnavailable";
  constructor(message: string, options?: ErrorOptions) {
    super("ledger_unavailable", message, options);
  }
}

/** The store cannot be opened by this program: another relay has it, or its schema is newer. */
export class LedgerRefused extends RelayError {
  override readonly name = "LedgerRefused";
  constructor(message: string, options?: ErrorOptions) {
    super("ledger_refused", message, options);
  }
}
