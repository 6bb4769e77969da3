// A relay of its own, to be killed: it claims all there is, says so to whoever started it, and goes on holding it.
import { openPostgresLedger } from "../../../src/ledger/postgres/open.ts";

const ledger = await openPostgresLedger({
  url: process.argv[2] ?? "",
  pool: 2,
  leaseSeconds: 10,
  now: Date.now,
  onTrouble: () => undefined,
});
const claims = await ledger.claim("crm", 10, 1_000);
await ledger.lock("upkeep");
process.send?.(claims.map(({ delivery }) => delivery.id));
