import { openPostgresLedger } from "../../src/ledger/postgres/open.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { OpenLedgers } from "./world.ts";

/** Three relays on one database: each sequence comes in at one of them, and any delivers. */
export function sharedLedgers(url: string): OpenLedgers {
  return async (_folder, now) => {
    const open = (): Promise<Ledger> => openPostgresLedger({ url, pool: 6, leaseSeconds: 30, now, onTrouble: raise });
    return [await open(), await open(), await open()];
  };
}

function raise(error: unknown): never {
  throw error;
}
