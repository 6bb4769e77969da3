import { fork } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Claim, Ledger } from "../../../src/ledger/ledger.ts";
import { freshLedgerDatabase } from "../../support/postgres/shared.ts";
import { query } from "../../support/postgres/query.ts";
import { again, arrival, delivered } from "../samples.ts";
import { claimOne } from "../scene.ts";
import { openRelay, threeRelays } from "./relays.ts";

// What nobody renews is taken back within a lease and a look: here the lease is put back by hand, and the looks are waited for.
const A_LOOK = { timeout: 15_000 };
const LONG = 40_000;

test(
  "takes back what a relay does not renew, tells that it may have been delivered, and lets the late one settle nothing",
  async () => {
    const { ledgers, sql } = await threeRelays();
    const [one, two] = ledgers;
    await one.accept(arrival({ id: "one", booking: "visit" }));
    await one.accept(arrival({ id: "two", booking: "visit" }));
    const late = await claimOne(one);
    expect(late.keeping.isHeld()).toBe(true);
    await endLeases(sql);
    const claim = await firstClaim(two);
    expect(claim.delivery).toMatchObject({ id: "dlv_one-1", maybeDelivered: true });
    expect(await one.settle(late, delivered)).toBe(false);
    expect(await one.settle(late, again(0))).toBe(false);
    await one.release(late);
    expect(await two.delivery("dlv_one-1")).toMatchObject({ state: "running", attempts: 0 });
    await expect.poll(() => late.keeping.lost.aborted, A_LOOK).toBe(true);
    expect(late.keeping.isHeld()).toBe(false);
    expect(await two.settle(claim, delivered)).toBe(true);
    expect((await claimOne(one)).delivery.id).toBe("dlv_two-1");
  },
  LONG,
);

test(
  "delivers what a relay that was killed had claimed, and ends its locks",
  async () => {
    const url = await freshLedgerDatabase();
    const ledger = await openRelay(url);
    await ledger.accept(arrival({ id: "one" }));
    const child = fork(new URL("claimant.ts", import.meta.url), [url], {
      execArgv: ["--conditions=cal-relay-source", "--disable-warning=ExperimentalWarning"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const [claimed] = await once(child, "message");
    expect(claimed).toEqual(["dlv_one-1"]);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await ledger.lock("upkeep")).toBe(false);
    await endLeases((text) => query(url, text));
    const claim = await firstClaim(ledger);
    expect(claim.delivery).toMatchObject({ id: "dlv_one-1", maybeDelivered: true });
    expect(await ledger.lock("upkeep")).toBe(true);
  },
  LONG,
);

test("hands back at closing what it has claimed, as maybe delivered, and its locks", async () => {
  const { ledgers } = await threeRelays();
  const [one, two] = ledgers;
  await one.accept(arrival({ id: "one" }));
  const claim = await claimOne(one);
  expect(await one.lock("upkeep")).toBe(true);
  expect(await two.lock("upkeep")).toBe(false);
  await one.close();
  expect(await two.lock("upkeep")).toBe(true);
  expect((await claimOne(two)).delivery).toMatchObject({ id: "dlv_one-1", maybeDelivered: true });
  await expect(one.settle(claim, delivered)).rejects.toMatchObject({ code: "ledger_unavailable" });
});

test(
  "keeps what is renewed, however long it runs",
  async () => {
    const { ledgers, sql } = await threeRelays();
    const [one, two] = ledgers;
    await one.accept(arrival({ id: "one" }));
    const claim = await claimOne(one);
    const before = await renewedAt(sql);
    await expect.poll(() => renewedAt(sql), A_LOOK).toBeGreaterThan(before);
    expect(await two.claim("crm", 1, 1_000)).toEqual([]);
    expect(claim.keeping.isHeld()).toBe(true);
    expect(await one.settle(claim, delivered)).toBe(true);
  },
  LONG,
);

type Sql = (text: string) => Promise<Record<string, unknown>[]>;

/** As if all that is claimed, and every lock, had last been renewed a minute ago. */
async function endLeases(sql: Sql): Promise<void> {
  await sql(`UPDATE cal_relay_queue.job SET heartbeat_on = now() - interval '1 minute' WHERE state = 'active';
             UPDATE cal_relay.locks SET ends = now() - interval '1 minute'`);
}

async function renewedAt(sql: Sql): Promise<number> {
  const [row] = await sql(
    "SELECT extract(epoch FROM heartbeat_on) AS at FROM cal_relay_queue.job WHERE state = 'active'",
  );
  return Number(row?.["at"]);
}

/** The first that can be had. */
function firstClaim(ledger: Ledger): Promise<Claim> {
  return vi.waitFor(() => claimOne(ledger), A_LOOK);
}
