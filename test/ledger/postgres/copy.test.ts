import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Backlog, Ledger } from "../../../src/ledger/ledger.ts";
import { copyLedger } from "../../../src/ledger/postgres/copy.ts";
import { openPostgresLedger } from "../../../src/ledger/postgres/open.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/open.ts";
import { query } from "../../support/postgres/query.ts";
import { freshDatabase, freshLedgerDatabase } from "../../support/postgres/shared.ts";
import { tempFolder } from "../../support/temp.ts";
import { again, arrival, dead, delivered, ended, MINUTE, sampleEvent, START, type ArrivalOptions } from "../samples.ts";
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

test("what is large is copied a little at a time", async () => {
  const { file, ledger } = await embedded();
  for (let at = 0; at < 20; at++) await ledger.accept(arrival({ id: `fat-${at}`, ...ofOneMebibyte }));
  await ledger.close();
  const steps: number[] = [];
  const to = { url: await freshDatabase(), pool: 2, leaseSeconds: 10, ...clock };
  await copyLedger({ file, to, onProgress: (done) => void steps.push(done) });
  expect(Math.max(...steps.slice(0, 4))).toBeLessThan(20);
});

test("a relay that has only been started is no obstacle: the secret that webhooks are signed with replaces the one it made", async () => {
  const { file, ledger } = await filled();
  await ledger.close();
  const to = { url: await freshDatabase(), pool: 2, leaseSeconds: 10, ...clock };
  const relay = await openPostgresLedger({ ...to, onTrouble: raise });
  await relay.secret("cal", "made too early");
  await relay.close();
  await copyLedger({ file, to, onProgress: () => undefined });
  const shared = await openPostgresLedger({ ...to, onTrouble: raise });
  onTestFinished(() => shared.close());
  expect(await shared.secret("cal", "another")).toBe("the first one");
});

test("what another writes as the copy begins is seen, and nothing is copied beside it", async () => {
  const { file, ledger } = await filled();
  await ledger.close();
  const url = await freshLedgerDatabase();
  const other = new Client({ connectionString: url });
  await other.connect();
  onTestFinished(() => other.end());
  await other.query("BEGIN; INSERT INTO cal_relay.holds VALUES ('crm', 'person', 'paused', 'stocktaking', 0, NULL)");
  const to = { url, pool: 2, leaseSeconds: 10, ...clock };
  const refusal = copyLedger({ file, to, onProgress: () => undefined }).catch((error: unknown) => error);
  const waiting = "SELECT 1 FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database WHERE NOT l.granted";
  await vi.waitFor(
    async () => expect(await query(url, `${waiting} AND d.datname = current_database()`)).not.toEqual([]),
    {
      timeout: 10_000,
    },
  );
  await other.query("COMMIT");
  expect(await refusal).toMatchObject({ code: "ledger_refused" });
});

test("the file takes no change while it is copied, which would be lost", async () => {
  const { file, ledger } = await filled();
  await ledger.close();
  const beside = new DatabaseSync(file, { timeout: 0 });
  onTestFinished(() => beside.close());
  const answers: string[] = [];
  const change = (): void => {
    try {
      beside.exec("INSERT INTO secrets VALUES ('late', 'too late')");
      answers.push("taken");
    } catch (error) {
      answers.push(String(error));
    }
  };
  const to = { url: await freshDatabase(), pool: 2, leaseSeconds: 10, ...clock };
  await copyLedger({ file, to, onProgress: change });
  expect(new Set(answers)).toEqual(new Set(["Error: database is locked"]));
  change();
  expect(answers.at(-1)).toBe("taken");
});

/** A ledger with something of each kind, closed by whoever asks for it. */
async function filled(): Promise<{ file: string; ledger: Ledger }> {
  const { file, ledger } = await embedded();
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

async function embedded(): Promise<{ file: string; ledger: Ledger }> {
  const file = join(tempFolder(), "relay.db");
  const ledger = await openSqliteLedger({ file, ...clock, mode: "relay" });
  onTestFinished(() => ledger.close());
  return { file, ledger };
}

const ofOneMebibyte: Pick<ArrivalOptions, "decide"> = {
  decide: (bookingKey) => ({
    event: sampleEvent(`evt_${bookingKey}`, bookingKey, { body: "x".repeat(2 ** 20) }),
    verdicts: [],
    deliveries: [],
    known: null,
  }),
};

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
    backlog: unsettledTogether(await ledger.backlog()),
    holds: await ledger.holds(),
    received: await ledger.receivedSince(START),
  };
}

/** What runs is waiting after the copy. */
function unsettledTogether(backlog: readonly Backlog[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { sink, state, count } of backlog) {
    const name = `${sink} ${state === "running" ? "waiting" : state}`;
    counts[name] = (counts[name] ?? 0) + count;
  }
  return counts;
}

function raise(error: unknown): never {
  throw error;
}
