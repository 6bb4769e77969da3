import { openPostgresLedger } from "../../src/ledger/postgres/open.ts";
import { freshLedgerDatabase } from "../support/postgres/shared.ts";
import { ledgerConformance } from "./conformance.ts";

const databases = new Map<string, string>();

ledgerConformance("the shared ledger", async ({ store, now }) => {
  const url = databases.get(store) ?? (await freshLedgerDatabase());
  databases.set(store, url);
  return openPostgresLedger({ url, pool: 4, leaseSeconds: 10, now, onTrouble: raise });
});

function raise(error: unknown): never {
  throw error;
}
