import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { copyLedger } from "../../../src/ledger/postgres/copy.ts";
import { openPostgresLedger } from "../../../src/ledger/postgres/open.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/open.ts";
import { freshDatabase } from "../../support/postgres/shared.ts";
import { tempFolder } from "../../support/temp.ts";
import { again, arrival, dead, delivered, ended, MINUTE, START } from "../samples.ts";
import { claimOne } from "../scene.ts";

const ODD = "a\u0000b\u{1f331}";
const LONG = `long-${"x".repeat(10_000)}`;
const clock = { now: () => START + MINUTE };

test("everything that an embedded ledger can tell, the shared one tells after the copy, and goes on with it", async () => {
  const { file, ledger } = await filled();
  const before = await told(ledger);
  await ledger.close();

  const url = await freshDatabase();
  const to = { url, pool: 2, leaseSeconds: 10, ...clock };
  const copied = await copyLedger({ file, to, onProgress: () => undefined });
  expect(copied).toContainEqual({ table: "events", rows: 9 });
  const shared = await openPostgresLedger({ ...to, onTrouble: raise });
  onTestFinished(() => shared.close());
  expect(await told(shared)).toEqual(before);

  // What ran may have arrived; it is the first of its booking again, with the memory of the delivery before.
  expect(await claimOne(shared, "crm")).toMatchObject({
    delivery: { id: "dlv_moved-1", maybeDelivered: true },
    memory: { page: "of a" },
  });
  expect(await shared.accept(arrival({ id: "repeat", duplicateKeys: ["once"] }))).toMatchObject({ event: "evt_first" });
  await shared.accept(arrival({ id: "late", booking: { uid: "c", previousUid: "b" } }));
  expect(await shared.event("evt_late")).toMatchObject({ bookingKey: "a" });
  await shared.accept(arrival({ id: "odd again", booking: ODD }));
  await shared.accept(arrival({ id: "long again", booking: LONG }));
  const keys = async (...ids: string[]) => Promise.all(ids.map(async (id) => (await shared.event(id))?.bookingKey));
  expect(await keys("evt_odd again", "evt_long again")).toEqual(await keys("evt_odd", "evt_long"));
  expect(await shared.secret("cal", "another")).toBe("the first one");
});

test("nothing is copied into a ledger that holds something, nor beside a relay, nor from nowhere", async () => {
  const { file, ledger } = await filled();
  const url = await freshDatabase();
  const to = { url, pool: 2, leaseSeconds: 10, ...clock };
  const copy = () => copyLedger({ file, to, onProgress: () => undefined });
  await expect(copy()).rejects.toMatchObject({
    code: "ledger_refused",
    message: expect.stringContaining("another relay") as string,
  });
  await ledger.close();
  const relay = await openPostgresLedger({ ...to, onTrouble: raise });
  await expect(copy()).rejects.toMatchObject({
    code: "ledger_refused",
    message: expect.stringContaining("is connected") as string,
  });
  await relay.accept(arrival({ id: "one" }));
  await relay.close();
  await expect(copy()).rejects.toMatchObject({
    code: "ledger_refused",
    message: expect.stringContaining("already") as string,
  });
  const nowhere = { file: `${file}.missing`, to, onProgress: () => undefined };
  await expect(copyLedger(nowhere)).rejects.toMatchObject({ code: "ledger_refused" });
});

/** A ledger with something of each kind, closed by whoever asks for it. */
async function filled(): Promise<{ file: string; ledger: Ledger }> {
  const file = join(tempFolder(), "relay.db");
  const ledger = await openSqliteLedger({ file, ...clock, mode: "relay" });
  onTestFinished(() => ledger.close());
  await ledger.secret("cal", "the first one");
  await ledger.accept(arrival({ id: "first", booking: "a", duplicateKeys: ["once"], known: { title: "Visit" } }));
  await ledger.settle(await claimOne(ledger), ended({ state: "delivered" }, {}, { page: "of a" }));
  await ledger.accept(arrival({ id: "dead", sinks: ["chat"] }));
  await ledger.settle(await claimOne(ledger, "chat"), dead);
  await ledger.accept(arrival({ id: "later", sinks: ["chat"] }));
  await ledger.settle(await claimOne(ledger, "chat"), again(START + 60 * MINUTE));
  await ledger.accept(arrival({ id: "other", booking: "b", sinks: [] }));
  await ledger.accept(arrival({ id: "moved", booking: { uid: "b", previousUid: "a" } }));
  await ledger.accept(arrival({ id: "then", booking: "b" }));
  await ledger.accept(arrival({ id: "odd", booking: ODD, trigger: ODD, sinks: ["other"] }));
  await ledger.accept(arrival({ id: "long", booking: LONG, sinks: ["other"] }));
  await ledger.settle(await claimOne(ledger, "other"), delivered);
  await ledger.accept(arrival({ id: "form", booking: null, sinks: ["crm/second", "chat"] }));
  await ledger.hold({ sink: "chat", by: "person", kind: "paused", reason: "stocktaking", since: START, until: null });
  // Running as the relay dies.
  await claimOne(ledger);
  return { file, ledger };
}

/** Everything on record but what odd characters and long keys have to become. */
async function told(ledger: Ledger): Promise<object> {
  const events = await ledger.events({ limit: 100 });
  const deliveries = await ledger.deliveries({ limit: 100 });
  return {
    events: events
      .filter(({ bookingKey }) => ![ODD, LONG].some((odd) => bookingKey.startsWith(odd.slice(0, 1) + odd.slice(2, 4))))
      .map(({ event }) => event.id),
    deliveries: deliveries.map(({ id, state, dueAt, attempts, reason, acceptedAt, settledAt }) => ({
      id,
      state: state === "running" ? "waiting" : state,
      dueAt,
      attempts,
      reason,
      acceptedAt,
      settledAt,
    })),
    attempts: await Promise.all(deliveries.map(({ id }) => ledger.attempts(id))),
    verdicts: events.map(({ verdicts }) => verdicts),
    holds: await ledger.holds(),
    received: await ledger.receivedSince(START),
  };
}

function raise(error: unknown): never {
  throw error;
}
