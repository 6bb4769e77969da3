import { DatabaseSync } from "node:sqlite";
import { LedgerRefused } from "../errors.ts";
import { isBusy, refused } from "./failure.ts";

/** Long enough for a command that is just migrating to finish. */
const PATIENCE_MS = 500;

/**
 * Makes this process the only relay on the file, until `release` or its death: an exclusive transaction held open on `<file>.lock`. The
 * lock is the operating system's, so a killed process leaves none behind. Throws LedgerRefused, saying `occupied`, while another has it.
 */
export function takeGuard(file: string, occupied: string): { release(): void } {
  const lock = `${file}.lock`;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(lock, { timeout: PATIENCE_MS });
    database.exec("BEGIN EXCLUSIVE");
    const held = database;
    return { release: () => held.close() };
  } catch (error) {
    database?.close();
    if (isBusy(error)) throw new LedgerRefused(occupied, { cause: error });
    throw refused(lock, error) ?? error;
  }
}
