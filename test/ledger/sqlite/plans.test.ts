import { join } from "node:path";
import type { SQLInputValue } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { accept } from "../../../src/ledger/sqlite/accept.ts";
import { migrate } from "../../../src/ledger/sqlite/migrate.ts";
import { claim, nextDue, release } from "../../../src/ledger/sqlite/queue.ts";
import { attempts, backlog, deliveries, delivery, event, events } from "../../../src/ledger/sqlite/record.ts";
import { receivedSince, replay } from "../../../src/ledger/sqlite/replay.ts";
import { readLease } from "../../../src/ledger/rows.ts";
import { putBack, selectSettled } from "../../../src/ledger/sqlite/retry.ts";
import { settle } from "../../../src/ledger/sqlite/settle.ts";
import { Store, type Row } from "../../../src/ledger/sqlite/store.ts";
import { BEGINNING, sweepSome } from "../../../src/ledger/sqlite/sweep.ts";
import { tempFolder } from "../../support/temp.ts";
import { arrival, delivered, START } from "../samples.ts";

// What keeps a ledger of millions as fast as an empty one: each statement finds its rows by an index.

const limit = 10;
const planned = [{ route: "all", target: "all/crm", sink: "crm" }];

test.each<[string, (store: Store) => unknown]>([
  ["accepting", (store) => accept(store, arrival({ id: "new", duplicateKeys: ["key"] }), START, silent)],
  ["uniting two bookings", (store) => uniteWithAnother(store)],
  ["claiming", (store) => claim(store, "crm", { limit, concurrency: limit }, START)],
  [
    "settling",
    (store) =>
      claim(store, "crm", { limit, concurrency: limit }, START).map((one) =>
        settle(store, readLease(one), delivered, START, silent),
      ),
  ],
  [
    "releasing",
    (store) =>
      claim(store, "crm", { limit, concurrency: limit }, START).map((one) => release(store, readLease(one), silent)),
  ],
  ["asking for the next due", (store) => nextDue(store, "crm")],
  ["selecting by id", (store) => selectSettled(store, { ids: ["dlv_settled-1"] })],
  ["selecting by state", (store) => selectSettled(store, { state: "dead" })],
  ["selecting by all", (store) => selectSettled(store, { state: "dead", sink: "crm", since: START })],
  ["putting back", (store) => putBack(store, [1], START, silent)],
  ["replaying", (store) => replay(store, [{ event: "evt_settled", deliveries: planned }], START, silent)],
  ["asking what was received since", (store) => receivedSince(store, START)],
  ["sweeping", (store) => sweepSome(store, START + 1, limit, BEGINNING)],
  ["listing attempts", (store) => attempts(store, "dlv_settled-1")],
  ["finding one", (store) => [event(store, "evt_settled"), delivery(store, "dlv_settled-1")]],
  ["counting the backlog", (store) => backlog(store)],
])("%s scans no table of the record", (_, work) => {
  const { store, plan } = populated();
  work(store);
  expect(plan.length).toBeGreaterThan(0);
  expect(
    plan.filter((step) => /^SCAN (events|deliveries|attempts|memory|aliases|bookings|[a-z])\b/.test(step)),
  ).toEqual([]);
});

test.each([
  {},
  { trigger: "BOOKING_CREATED" },
  { source: "cal" },
  { since: START },
  { trigger: "BOOKING_CREATED", since: START },
  { source: "cal", since: START },
])("events are listed in the order of an index: %j", (query) => {
  const { store, plan } = populated();
  events(store, { ...query, limit });
  expect(plan).toEqual([expect.stringMatching(/USING INDEX events_by_\w+/)]);
});

test.each([
  {},
  { state: "dead" as const },
  { sink: "crm" },
  { since: START },
  { state: "dead" as const, sink: "crm" },
  { state: "dead" as const, since: START },
  { sink: "crm", since: START },
  { state: "dead" as const, sink: "crm", since: START },
])("deliveries are listed in the order of an index: %j", (query) => {
  const { store, plan } = populated();
  deliveries(store, { ...query, limit });
  expect(plan).toEqual([expect.stringMatching(/USING INDEX deliveries_by_\w+/)]);
});

test("the deliveries of an event are found by it, whatever else is asked of them", () => {
  const { store, plan } = populated();
  deliveries(store, { event: "evt_settled", sink: "crm", state: "dead", since: START, limit });
  expect(plan[0]).toMatch("USING INDEX deliveries_by_event");
});

/** Another booking, with something at a sink, and the event that tells that it is the populated one. */
function uniteWithAnother(store: Store): void {
  accept(store, arrival({ id: "another", booking: "another" }), START, silent);
  const applied = { thing: "row", event: "evt_another", recency: { sequence: 1, at: "2026-03-02T09:00:00.000Z" } };
  for (const one of claim(store, "crm", { limit, concurrency: limit }, START))
    settle(store, readLease(one), { ...delivered, memory: "row", applied }, START, silent);
  accept(store, arrival({ id: "link", booking: { uid: "another", previousUid: "visit" } }), START, silent);
}

function silent(): void {
  // Nobody waits for work here.
}

/** A ledger with one settled and two waiting deliveries of a booking, and the plan of every statement run from now on. */
function populated(): { store: Store; plan: string[] } {
  const file = join(tempFolder(), "relay.db");
  const store = new ExplainingStore(file);
  onTestFinished(() => store.close());
  store.configure();
  migrate(store, file);
  for (const id of ["settled", "one", "two"]) accept(store, arrival({ id, booking: "visit" }), START, silent);
  for (const one of claim(store, "crm", { limit: 1, concurrency: 1_000 }, START))
    settle(store, readLease(one), delivered, START, silent);
  store.plan.length = 0;
  return { store, plan: store.plan };
}

class ExplainingStore extends Store {
  readonly plan: string[] = [];

  override all(sql: string, ...values: SQLInputValue[]): Row[] {
    this.#explain(sql, values);
    return super.all(sql, ...values);
  }

  override get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    this.#explain(sql, values);
    return super.get(sql, ...values);
  }

  override run(sql: string, ...values: SQLInputValue[]): number {
    this.#explain(sql, values);
    return super.run(sql, ...values);
  }

  #explain(sql: string, values: SQLInputValue[]): void {
    const steps = super.all(`EXPLAIN QUERY PLAN ${sql}`, ...values);
    this.plan.push(...steps.map(({ detail }) => String(detail)));
  }
}
