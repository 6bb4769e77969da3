import { LedgerRefused, LedgerUnavailable } from "../errors.ts";

/** SQLite's primary result codes that speak of the store, not of what was asked of it: https://sqlite.org/rescode.html */
const REASONS: ReadonlyMap<number, string> = new Map([
  [3, "access to its file is denied"],
  [5, "it is locked by another process"],
  [6, "it is locked"],
  [7, "memory is short"],
  [8, "its file is read-only"],
  [10, "reading or writing its file failed"],
  [11, "its file is damaged"],
  [13, "the disk is full"],
  [14, "its file cannot be opened"],
  [15, "its file's locks do not work"],
  [26, "its file is not a SQLite database"],
]);

const BUSY = 5;

/** What befell the store, as the contract names it; undefined for any other error, which is a defect of the caller. */
export function unavailable(error: unknown): LedgerUnavailable | undefined {
  const reason = REASONS.get(resultCode(error));
  return reason === undefined ? undefined : new LedgerUnavailable(`the ledger: ${reason}`, { cause: error });
}

/** The same while opening, where nothing is retried: a person has to look. */
export function refused(file: string, error: unknown): LedgerRefused | undefined {
  const reason = REASONS.get(resultCode(error));
  return reason === undefined ? undefined : new LedgerRefused(`cannot open ${file}: ${reason}`, { cause: error });
}

export function isBusy(error: unknown): boolean {
  return resultCode(error) === BUSY;
}

/** Runs `work` and throws what befell the store as LedgerUnavailable. */
export function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unavailable(error) ?? error;
  }
}

/** The primary result code; the upper bits of an extended one say more than is needed here. */
function resultCode(error: unknown): number {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : 0;
}
