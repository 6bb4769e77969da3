import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/open.ts";
import { tempFolder } from "../../support/temp.ts";
import { arrival, dead, delivered, START } from "../samples.ts";
import { claimOne } from "../scene.ts";

test("reads and changes beside a running relay", async () => {
  const { relay, beside } = await both();
  await relay.accept(arrival({ id: "one" }));
  await relay.settle(await claimOne(relay), dead);
  expect(await beside.deliveries({ state: "dead", limit: 10 })).toHaveLength(1);
  expect(await beside.retry({ state: "dead" })).toBe(1);
  expect(await claimOne(relay)).toMatchObject({ delivery: { id: "dlv_one-1" } });
});

test("leaves alone what the relay is running", async () => {
  const { relay, beside } = await both();
  await relay.accept(arrival({ id: "one" }));
  const claim = await claimOne(relay);
  expect(await beside.delivery("dlv_one-1")).toMatchObject({ state: "running", maybeDelivered: false });
  expect(await relay.settle(claim, delivered)).toBe(true);
});

test("wakes the relay for what was changed beside it", async () => {
  const { relay, beside } = await both();
  const told: string[] = [];
  relay.onWork((sink) => told.push(sink));
  await beside.accept(arrival({ id: "one" }));
  await expect.poll(() => told).toEqual(["*"]);
  await beside.hold({ sink: "crm", by: "person", kind: "paused", reason: "stocktaking", since: START, until: null });
  await expect.poll(() => told).toEqual(["*", "*"]);
  expect(await relay.holds()).toHaveLength(1);
});

test("takes turns with the relay when both write at once", async () => {
  const { relay, beside } = await both();
  const ids = Array.from({ length: 100 }, (_, n) => `n${n}`);
  await Promise.all(ids.map((id, n) => (n % 2 === 0 ? relay : beside).accept(arrival({ id, booking: "visit" }))));
  expect(await relay.deliveries({ limit: 1_000 })).toHaveLength(100);
  expect(await relay.claim("crm", 1_000, 1_000)).toHaveLength(1);
});

test("opens where no relay has ever run", async () => {
  const beside = await open(join(tempFolder(), "relay.db"), "beside");
  expect(await beside.events({ limit: 10 })).toEqual([]);
});

test("refuses to change the schema under a running relay", async () => {
  const { file } = await both();
  const database = new DatabaseSync(file);
  database.exec("PRAGMA user_version = 0");
  database.close();
  await expect(open(file, "beside")).rejects.toMatchObject({
    code: "ledger_refused",
    message: expect.stringContaining("restart the relay"),
  });
});

async function both(): Promise<{ file: string; relay: Ledger; beside: Ledger }> {
  const file = join(tempFolder(), "relay.db");
  return { file, relay: await open(file, "relay"), beside: await open(file, "beside") };
}

async function open(file: string, mode: "relay" | "beside"): Promise<Ledger> {
  const ledger = await openSqliteLedger({ file, now: () => START, mode });
  onTestFinished(() => ledger.close());
  return ledger;
}
