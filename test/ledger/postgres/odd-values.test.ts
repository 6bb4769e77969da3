import { expect, test } from "vitest";
import { arrival, delivered, ended, sampleEvent } from "../samples.ts";
import { claimOne } from "../scene.ts";
import { freshLedgerDatabase } from "../../support/postgres/shared.ts";
import { openRelay, threeRelays, upTo } from "./relays.ts";

const NUL = "a\0b";

test("keeps and tells apart what is far too long for an index, on every relay", async () => {
  const { ledgers } = await threeRelays();
  const [one, two] = ledgers;
  const long = "ü".repeat(10_000);
  const keys = [`${long}1`, `${long}2`].map((key) => [key]);
  for (const [at, duplicateKeys] of keys.entries())
    await one.accept(arrival({ id: `e${at}`, booking: duplicateKeys[0] ?? "", duplicateKeys, trigger: long }));
  expect(await two.accept(arrival({ id: "again", duplicateKeys: keys[1] ?? [] }))).toMatchObject({
    status: "duplicate",
    event: "evt_e1",
  });
  await two.accept(arrival({ id: "next", booking: { uid: "short", previousUid: `${long}1` } }));
  const claims = await two.claim("crm", 10, 1_000);
  expect(claims.map(({ delivery }) => delivery.id)).toEqual(["dlv_e0-1", "dlv_e1-1"]);
  for (const claim of claims) expect(await two.settle(claim, delivered)).toBe(true);
  expect((await claimOne(one)).delivery.id).toBe("dlv_next-1");
});

test("takes NUL, which PostgreSQL cannot hold, in every text that others write", async () => {
  const { ledgers } = await threeRelays();
  const [one, two] = ledgers;
  const event = sampleEvent("evt_nul", NUL, { trigger: NUL, payload: { text: NUL, [NUL]: NUL }, body: NUL });
  await one.accept(
    arrival({
      id: "nul",
      booking: { uid: NUL, previousUid: `previous${NUL}`, rootUid: `root${NUL}` },
      trigger: NUL,
      duplicateKeys: [NUL],
      decide: () => ({
        event,
        verdicts: [{ route: "all", matched: false, reason: { condition: NUL, expected: NUL, seen: NUL, text: NUL } }],
        deliveries: [{ route: "all", target: "all/crm", sink: "crm" }],
        known: { title: NUL },
      }),
    }),
  );
  expect(await two.accept(arrival({ id: "again", duplicateKeys: [NUL] }))).toMatchObject({ status: "duplicate" });
  const claim = await claimOne(two);
  expect(claim.event).toMatchObject({ payload: event.payload, body: NUL });
  const settlement = ended(
    { state: "dead" },
    { reason: NUL, message: { [NUL]: NUL }, answer: { text: NUL } },
    { [NUL]: NUL },
  );
  expect(await two.settle(claim, settlement)).toBe(true);
  expect(await one.attempts(claim.delivery.id)).toMatchObject([{ message: { [NUL]: NUL }, answer: { text: NUL } }]);
  await one.retry({ state: "dead" });
  expect((await claimOne(one)).memory).toEqual({ [NUL]: NUL });
  await one.hold({ sink: "crm", by: "relay", kind: "unavailable", reason: NUL, since: 0, until: null });
  expect(await two.holds()).toMatchObject([{ sink: "crm", kind: "unavailable" }]);
  expect(await one.turn("crm", NUL, { count: 1, perMs: 1_000 })).toBe(0);
  expect(await one.turn("crm", NUL, { count: 1, perMs: 1_000 })).toBeGreaterThan(0);
  expect(await one.events({ trigger: NUL, limit: 1 })).toMatchObject([{ event: { id: "evt_nul" } }]);
});

test("serves 200 calls at once over two connections", async () => {
  const ledger = await openRelay(await freshLedgerDatabase(), { pool: 2 });
  const calls = upTo(50).flatMap((at) => [
    ledger.accept(arrival({ id: `e${at}` })),
    ledger.claim("crm", 1, 1_000),
    ledger.turn("crm", "", { count: 100, perMs: 1_000 }),
    ledger.backlog(),
  ]);
  await Promise.all(calls);
  expect(await ledger.receivedSince(0)).toHaveLength(50);
});
