import { expect, test } from "vitest";
import { openPostgresRecord } from "../../../src/ledger/postgres/open.ts";
import { freshDatabase, freshLedgerDatabase } from "../../support/postgres/shared.ts";
import { query } from "../../support/postgres/query.ts";
import { arrival } from "../samples.ts";
import { claimable } from "../scene.ts";
import { openRelay, upTo } from "./relays.ts";

test.each(upTo(3))("lets five relays start at once on an empty database (%i)", async () => {
  const url = await freshDatabase();
  const troubles: unknown[] = [];
  const relays = await Promise.all(
    upTo(5).map(() => openRelay(url, { pool: 2, onTrouble: (error) => troubles.push(error) })),
  );
  await Promise.all(relays.map((ledger, at) => ledger.accept(arrival({ id: `e${at}` }))));
  const [first] = relays;
  expect(first && (await claimable(first))).toHaveLength(5);
  expect(troubles).toEqual([]);
});

test("refuses a ledger that a newer relay has made", async () => {
  const url = await freshLedgerDatabase();
  await query(url, "UPDATE cal_relay.version SET version = 1000");
  const refused = { code: "ledger_refused", message: expect.stringContaining("1000") as unknown };
  await expect(openRelay(url)).rejects.toMatchObject(refused);
  await expect(openPostgresRecord({ url, now: Date.now })).rejects.toMatchObject(refused);
});

test("refuses to look into a database in which no relay has made a ledger", async () => {
  const url = await freshDatabase();
  await expect(openPostgresRecord({ url, now: Date.now })).rejects.toMatchObject({ code: "ledger_refused" });
  expect(await query(url, "SELECT 1 FROM pg_namespace WHERE nspname LIKE 'cal_relay%'")).toEqual([]);
});
