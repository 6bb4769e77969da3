import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/open.ts";
import { tempFolder } from "../../support/temp.ts";
import { arrival, dead, delivered, MINUTE, START } from "../samples.ts";
import { claimable, claimOne, scene, type OpenLedger } from "../scene.ts";

test("takes back what was running, due as before, as maybe delivered", async () => {
  const { ledger, clock, restart } = await scene(opener());
  await ledger.accept(arrival({ id: "one" }));
  await ledger.accept(arrival({ id: "two" }));
  await claimOne(ledger);
  clock.time = START + MINUTE;
  const reopened = await restart();
  expect(await reopened.delivery("dlv_one-1")).toMatchObject({
    state: "waiting",
    dueAt: START,
    maybeDelivered: true,
    attempts: 0,
  });
  expect(await reopened.delivery("dlv_two-1")).toMatchObject({ dueAt: START, maybeDelivered: false });
});

test("lets what was running go ahead of what has waited since", async () => {
  const { ledger, clock, restart } = await scene(opener());
  await ledger.accept(arrival({ id: "one" }));
  await claimOne(ledger);
  clock.time = START + 1;
  for (const id of ["two", "three"]) await ledger.accept(arrival({ id }));
  clock.time = START + MINUTE;
  expect(await claimOne(await restart())).toMatchObject({ delivery: { id: "dlv_one-1", maybeDelivered: true } });
});

test("lets nobody settle by a lease from before", async () => {
  const { ledger, restart } = await scene(opener());
  await ledger.accept(arrival({ id: "one" }));
  const before = await claimOne(ledger);
  const reopened = await restart();
  expect(await reopened.settle(before, delivered)).toBe(false);
  const after = await claimOne(reopened);
  expect(await reopened.settle(before, delivered)).toBe(false);
  expect(await reopened.settle(after, delivered)).toBe(true);
});

test("brings an earlier delivery that was put back before the interrupted one", async () => {
  const { ledger, restart } = await scene(opener());
  for (const id of ["one", "two"]) await ledger.accept(arrival({ id, booking: "visit" }));
  await ledger.settle(await claimOne(ledger), dead);
  await claimOne(ledger);
  await ledger.retry({ ids: ["dlv_one-1"] });
  expect(await claimable(await restart())).toEqual(["dlv_one-1"]);
});

test("is not done by a command that opens the ledger of a relay that died", async () => {
  const file = join(tempFolder(), "relay.db");
  const relay = await open(file, "relay");
  await relay.accept(arrival({ id: "one" }));
  await claimOne(relay);
  await relay.close();
  const beside = await open(file, "beside");
  expect(await beside.delivery("dlv_one-1")).toMatchObject({ state: "running", maybeDelivered: false });
});

function opener(): OpenLedger {
  const folder = tempFolder();
  return ({ store, now }) => openSqliteLedger({ file: join(folder, `${store}.db`), now, mode: "relay" });
}

async function open(file: string, mode: "relay" | "beside"): Promise<Ledger> {
  const ledger = await openSqliteLedger({ file, now: () => START, mode });
  onTestFinished(() => ledger.close());
  return ledger;
}
