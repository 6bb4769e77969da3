import { ledgerConformance } from "./conformance.ts";
import { folder } from "./sqlite/files.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite/open.ts";

const files = folder();

ledgerConformance("the embedded ledger", ({ store, now }) =>
  openSqliteLedger({ file: files.path(`${store}.db`), now, mode: "relay" }),
);
