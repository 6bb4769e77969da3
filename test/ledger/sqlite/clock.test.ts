import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqliteLedger } from "../../../src/ledger/sqlite/open.ts";
import { tempFolder } from "../../support/temp.ts";
import { again, arrival, delivered, MINUTE, START } from "../samples.ts";
import { claimable, claimOne, scene, type OpenLedger } from "../scene.ts";

const HOUR = 60 * MINUTE;

test("opened with the clock set back, lets what was due be claimed, and what waits wait no longer than before", async () => {
  const { ledger, clock, restart } = await scene(opener());
  for (const id of ["due", "later"]) await ledger.accept(arrival({ id }));
  const later = (await ledger.claim("crm", 2, 1_000)).find(({ delivery }) => delivery.id === "dlv_later-1");
  if (later !== undefined) await ledger.settle(later, again(START + MINUTE));
  clock.time = START - HOUR;
  const reopened = await restart();
  expect(await claimable(reopened)).toEqual(["dlv_due-1"]);
  clock.time = START - HOUR + MINUTE;
  expect(await claimable(reopened)).toEqual(["dlv_due-1", "dlv_later-1"]);
});

test("opened with the clock set back, keeps what a booking has behind its first in step", async () => {
  const { ledger, clock, restart } = await scene(opener());
  for (const id of ["one", "two"]) await ledger.accept(arrival({ id, booking: "visit" }));
  clock.time = START - HOUR;
  const reopened = await restart();
  for (const id of ["one", "two"]) {
    const claim = await claimOne(reopened);
    expect(claim.delivery).toMatchObject({ id: `dlv_${id}-1`, dueAt: START - HOUR });
    await reopened.settle(claim, delivered);
  }
});

test("opened with the clock set back, holds a sink no longer than before", async () => {
  const { ledger, clock, restart } = await scene(opener());
  await ledger.accept(arrival({ id: "one" }));
  const held = { sink: "crm", by: "relay", kind: "rate-limited", reason: "HTTP 429" } as const;
  await ledger.hold({ ...held, since: START, until: START + MINUTE });
  await ledger.hold({ ...held, by: "person", kind: "paused", since: START, until: null });
  clock.time = START - HOUR;
  expect(await (await restart()).holds()).toMatchObject([
    { by: "person", since: START - HOUR, until: null },
    { by: "relay", since: START - HOUR, until: START - HOUR + MINUTE },
  ]);
});

test("opened at its time or later, leaves what waits as it is", async () => {
  const { ledger, clock, restart } = await scene(opener());
  await ledger.accept(arrival({ id: "one" }));
  await ledger.settle(await claimOne(ledger), again(START + HOUR));
  clock.time = START + MINUTE;
  expect(await (await restart()).delivery("dlv_one-1")).toMatchObject({ dueAt: START + HOUR });
});

function opener(): OpenLedger {
  const folder = tempFolder();
  return ({ store, now }) => openSqliteLedger({ file: join(folder, `${store}.db`), now, mode: "relay" });
}
