import { expect, test } from "vitest";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { openPostgresRecord } from "../../../src/ledger/postgres/open.ts";
import { onTestFinished } from "vitest";
import { arrival, dead, delivered, START } from "../samples.ts";
import { claimOne } from "../scene.ts";
import { threeRelays } from "./relays.ts";

// The poll behind it looks every half a minute: what comes in time was told.
const IN_TIME = { timeout: 5_000 };

test("tells the other relays of what one has accepted, put back and settled", async () => {
  const { ledgers } = await threeRelays();
  const [one, two, three] = ledgers;
  const told = [listen(two), listen(three)];
  await one.accept(arrival({ id: "one", booking: "visit" }));
  await expect.poll(() => told, IN_TIME).toEqual([["crm"], ["crm"]]);
  await one.accept(arrival({ id: "two", booking: "visit" }));
  await one.settle(await claimOne(one), dead);
  await expect
    .poll(() => told, IN_TIME)
    .toEqual([
      ["crm", "crm"],
      ["crm", "crm"],
    ]);
  await one.settle(await claimOne(one), delivered);
  await one.retry({ state: "dead" });
  await expect.poll(() => told[0]?.length, IN_TIME).toBe(3);
});

test("tells the relays of a hold that another relay or a command has made or lifted", async () => {
  const { ledgers, url } = await threeRelays();
  const [one, two] = ledgers;
  const command = await openPostgresRecord({ url, now: Date.now });
  onTestFinished(() => command.close());
  const told = listen(two);
  const hold = { sink: "crm", by: "person", kind: "paused", reason: "stocktaking", since: START, until: null } as const;
  await one.hold(hold);
  await expect.poll(() => told, IN_TIME).toEqual(["*"]);
  expect(await two.holds()).toEqual([hold]);
  await command.lift("crm", "person");
  await expect.poll(() => told, IN_TIME).toEqual(["*", "*"]);
  expect(await two.holds()).toEqual([]);
});

test("goes on telling after its connection was cut", async () => {
  const { ledgers, sql } = await threeRelays();
  const [one, two] = ledgers;
  const told = listen(two);
  await sql(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()",
  );
  await expect.poll(() => told, { timeout: 15_000 }).toContain("*");
  told.length = 0;
  await one.accept(arrival({ id: "one" }));
  await expect.poll(() => told, IN_TIME).toContain("crm");
});

/** What it is told from now on. */
function listen(ledger: Ledger): string[] {
  const told: string[] = [];
  ledger.onWork((sink) => told.push(sink));
  return told;
}
