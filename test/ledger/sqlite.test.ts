import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { openSqliteLedger } from "../../src/ledger/sqlite/open.ts";
import { ledgerConformance } from "./conformance.ts";

const folder = mkdtempSync(join(tmpdir(), "cal-relay-ledger-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

ledgerConformance("the embedded ledger", ({ store, now }) =>
  openSqliteLedger({ file: join(folder, `${store}.db`), now, mode: "relay" }),
);
