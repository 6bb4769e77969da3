import { createRequire } from "node:module";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { installSql } from "../../../src/ledger/postgres/install.ts";
import { migrate } from "../../../src/ledger/postgres/migrate.ts";
import { Database } from "../../../src/ledger/postgres/database.ts";
import { openPostgresLedger } from "../../../src/ledger/postgres/open.ts";
import { QUEUE_VERSIONS } from "../../../src/ledger/postgres/schema.ts";
import { query } from "../../support/postgres/query.ts";
import { freshDatabase, freshLedgerDatabase } from "../../support/postgres/shared.ts";
import { arrival, delivered } from "../samples.ts";
import { claimOne } from "../scene.ts";

test("a user who may create nothing is told which SQL to run, and relays work once an owner has run it", async () => {
  const url = await freshDatabase();
  const role = `relay_${Math.random().toString(36).slice(2)} "x"`;
  await query(url, `CREATE ROLE "${role.replaceAll('"', '""')}" LOGIN PASSWORD 'of the relay'`);
  onTestFinished(async () => {
    await query(url, `DROP OWNED BY "${role.replaceAll('"', '""')}"; DROP ROLE "${role.replaceAll('"', '""')}"`);
  });
  const own = new URL(url);
  own.username = encodeURIComponent(role);
  own.password = encodeURIComponent("of the relay");
  const options = { url: own.href, pool: 2, leaseSeconds: 10, now: Date.now, onTrouble: raise };
  await expect(openPostgresLedger(options)).rejects.toMatchObject({
    code: "ledger_refused",
    message: expect.stringContaining("schema --sql --role") as string,
  });

  await query(url, installSql({ role, from: 0 }));
  const ledger = await openPostgresLedger(options);
  await ledger.accept(arrival({ id: "one" }));
  expect(await ledger.settle(await claimOne(ledger), delivered)).toBe(true);
  await ledger.close();
  const again = await openPostgresLedger(options);
  expect(await again.event("evt_one")).not.toBeNull();
  expect(await again.sweep(Date.now() * 2, 10)).toBe(1);
  await again.close();
});

test("without the user nothing is made, and the same SQL does it all once there is one", async () => {
  const url = await freshDatabase();
  const role = `relay_${Math.random().toString(36).slice(2)}`;
  await expect(query(url, installSql({ role, from: 0 }))).rejects.toMatchObject({ code: "42704" });
  await query(url, `CREATE ROLE ${role}`);
  onTestFinished(async () => {
    await query(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
  await query(url, installSql({ role, from: 0 }));
  expect(await query(url, `SELECT has_table_privilege('${role}', 'cal_relay.events', 'INSERT') AS may`)).toEqual([
    { may: true },
  ]);
});

test("an older program is refused by a newer schema, and says so", async () => {
  const url = await freshLedgerDatabase();
  await query(url, "UPDATE cal_relay.version SET version = 99");
  const database = new Database({ url, pool: 1 });
  await expect(migrate(database, () => Promise.resolve())).rejects.toMatchObject({
    code: "ledger_refused",
    message: expect.stringMatching(/version 99.*run the newer relay/) as string,
  });
  await database.close();
});

test("each version of the schema knows the one of pg-boss that came with it", () => {
  const read: unknown = createRequire(import.meta.url)("../../../node_modules/pg-boss/package.json");
  const { pgboss } = z.object({ pgboss: z.object({ schema: z.number() }) }).parse(read);
  expect(QUEUE_VERSIONS.at(-1)).toBe(pgboss.schema);
});

function raise(error: unknown): never {
  throw error;
}
