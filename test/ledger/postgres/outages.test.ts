import { randomUUID } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { query } from "../../support/postgres/query.ts";
import { freshLedgerDatabase } from "../../support/postgres/shared.ts";
import { silentLink } from "../../support/silent-link.ts";
import { arrival, delivered } from "../samples.ts";
import { claimOne } from "../scene.ts";
import { idsOf, openRelay, upTo } from "./relays.ts";

// Each of these befalls one database or user of the tests' server, while a relay has a delivery of it in hand.
test("refuses webhooks while the server takes no writes, and goes on by itself", async () => {
  const { name, url, admin } = await database();
  const ledger = await openRelay(url);
  const outage = {
    begin: async () =>
      void (await admin(`ALTER DATABASE ${name} SET default_transaction_read_only = on; ${cut(name)}`)),
    end: async () => void (await admin(`ALTER DATABASE ${name} RESET default_transaction_read_only; ${cut(name)}`)),
  };
  expect(await rideOut(ledger, outage)).toEqual(RIDDEN_OUT);
});

test("refuses webhooks while no connection is to be had, and goes on by itself", async () => {
  const { name, url, admin } = await database();
  const ledger = await openRelay(url);
  const outage = {
    begin: async () => void (await admin(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false; ${cut(name)}`)),
    end: async () => void (await admin(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)),
  };
  expect(await rideOut(ledger, outage)).toEqual(RIDDEN_OUT);
});

test("refuses webhooks while its password is not the right one, and goes on by itself", async () => {
  const { name, url, admin } = await database();
  const role = `r${randomUUID().replaceAll("-", "")}`;
  await admin(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD 'first'`);
  onTestFinished(() => admin(`${cut(name)}; DROP ROLE ${role}`).then(() => undefined));
  const own = new URL(url);
  own.username = role;
  own.password = "first";
  const ledger = await openRelay(own.href);
  const outage = {
    begin: async () => void (await admin(`ALTER ROLE ${role} PASSWORD 'second'; ${cut(name)}`)),
    end: async () => void (await admin(`ALTER ROLE ${role} PASSWORD 'first'`)),
  };
  expect(await rideOut(ledger, outage)).toEqual(RIDDEN_OUT);
});

// Twenty seconds is how long an answer may take; nobody waits for a second one on the same connection.
test("refuses webhooks while the server answers nothing, and goes on once it does", { timeout: 38_000 }, async () => {
  const { url } = await database();
  const through = new URL(url);
  const link = await silentLink(Number(through.port));
  through.port = String(link.port);
  const ledger = await openRelay(through.href);
  expect(await rideOut(ledger, { begin: link.fallSilent, end: link.resume })).toEqual(RIDDEN_OUT);
});

test("loses nothing and says so to each, when connections are cut in the midst of accepting", async () => {
  const { name, url, admin } = await database();
  const ledger = await openRelay(url);
  const answers = upTo(300).map(async (at) => {
    // Spread over many batches, some of which are cut.
    for (let turn = 0; turn < at; turn += 1) await new Promise(setImmediate);
    return ledger.accept(arrival({ id: `e${at}` }));
  });
  const cutting = (async () => {
    for (let turn = 0; turn < 5; turn += 1) await admin(cut(name));
  })();
  const ended = await Promise.allSettled(answers);
  await cutting;
  const refused = ended.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  for (const reason of refused) expect(reason).toMatchObject({ code: "ledger_unavailable" });
  const kept = new Set(await ledger.receivedSince(0));
  expect(upTo(300).filter((at) => ended[at - 1]?.status === "fulfilled" && !kept.has(`evt_e${at}`))).toEqual([]);
  expect(await ledger.accept(arrival({ id: "after" }))).toMatchObject({ status: "accepted" });
});

interface Outage {
  readonly begin: () => Promise<void> | void;
  readonly end: () => Promise<void> | void;
}

/** Has one delivery in hand and one waiting when it begins, and asks for everything while it lasts. Returns what came of it. */
async function rideOut(ledger: Ledger, { begin, end }: Outage) {
  await ledger.accept(arrival({ id: "before" }));
  const claim = await claimOne(ledger);
  await ledger.accept(arrival({ id: "next" }));
  await begin();
  const amid = await Promise.allSettled([
    ledger.accept(arrival({ id: "amid" })),
    ledger.settle(claim, delivered),
    ledger.claim("crm", 1, 1_000),
  ]);
  await end();
  await expect
    .poll(() => ledger.accept(arrival({ id: "after" })).catch(() => null), { timeout: 10_000 })
    .toMatchObject({ status: "accepted" });
  return {
    amid: amid.map((one) => (one.status === "rejected" ? (one.reason as { code: string }).code : one.value)),
    isSettledAfterwards: await ledger.settle(claim, delivered),
    stored: await ledger.receivedSince(0),
    claimed: idsOf(await ledger.claim("crm", 10, 1_000)),
  };
}

/** Whatever was refused is not stored, and what was in hand is settled late. */
const RIDDEN_OUT = {
  amid: ["ledger_unavailable", "ledger_unavailable", "ledger_unavailable"],
  isSettledAfterwards: true,
  stored: ["evt_before", "evt_next", "evt_after"],
  claimed: ["dlv_next-1", "dlv_after-1"],
};

async function database() {
  const url = await freshLedgerDatabase();
  const name = new URL(url).pathname.slice(1);
  const beside = new URL(url);
  beside.pathname = "/postgres";
  return { name, url, admin: (sql: string) => query(beside.href, sql) };
}

function cut(name: string): string {
  return `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`;
}
