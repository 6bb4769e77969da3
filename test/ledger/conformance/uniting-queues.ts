import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { again, arrival, delivered, ended, START } from "../samples.ts";
import { claimable, claimOne, scene, type OpenLedger } from "../scene.ts";
import { keyOf } from "./bookings.ts";

const link = arrival({ id: "link", booking: { uid: "b", previousUid: "a" } });

/** What waits and runs under two keys that turn out to name one booking. */
export function unitingQueueCases(open: OpenLedger): void {
  test("puts what waits under both keys into one queue, in the order of acceptance, for the key that stays", async () => {
    const { ledger } = await scene(open);
    await acceptAll(ledger, "b", "a", "b", "a");
    await ledger.accept(link);
    expect(await claimable(ledger)).toEqual(["dlv_1b-1"]);
    expect(await settleAll(ledger)).toEqual(["1b a a", "2a a a", "3b a a", "4a a a", "link a a"]);
  });

  test("lets what runs under the lost key end before anything else of the booking", async () => {
    const { ledger } = await scene(open);
    await acceptAll(ledger, "b", "b", "a");
    const memory = { message: "of b" };
    const running = await claimOne(ledger);
    await ledger.accept(arrival({ id: "other", booking: "a", sinks: ["chat"] }));
    const atOther = await claimOne(ledger, "chat");
    await ledger.accept(link);
    expect(await ledger.claim("crm", 10, 1_000)).toEqual([]);
    expect(await ledger.settle(running, ended({ state: "delivered" }, {}, memory))).toBe(true);
    expect(await claimOne(ledger)).toMatchObject({ delivery: { id: "dlv_2b-1", bookingKey: "a" }, memory });
    expect(await ledger.settle(atOther, delivered)).toBe(true);
  });

  test("lets what runs under each key end side by side, and hands back what one of them made", async () => {
    const { ledger } = await scene(open);
    await acceptAll(ledger, "b", "a");
    const [ofB, ofA] = await ledger.claim("crm", 2, 1_000);
    if (ofB === undefined || ofA === undefined) throw new Error("two were to run");
    await ledger.accept(link);
    expect(await ledger.claim("crm", 10, 1_000)).toEqual([]);
    expect(await ledger.settle(ofA, ended({ state: "delivered" }, {}, "made for a"))).toBe(true);
    expect(await ledger.settle(ofB, ended({ state: "delivered" }, {}, "made for b"))).toBe(true);
    expect(await claimOne(ledger)).toMatchObject({ delivery: { id: "dlv_link-1" }, memory: "made for a" });
  });

  test.each([
    ["has to wait again", (ledger: Ledger, claim: Running) => ledger.settle(claim, again(START))],
    ["is handed back", (ledger: Ledger, claim: Running) => ledger.release(claim)],
  ])("takes one that ran under the lost key and %s at its place in the one queue", async (_, end) => {
    const { ledger } = await scene(open);
    await acceptAll(ledger, "b", "a", "a");
    const [ofB, ofA] = await ledger.claim("crm", 2, 1_000);
    if (ofB === undefined || ofA === undefined) throw new Error("two were to run");
    await ledger.accept(link);
    await end(ledger, ofB);
    await ledger.settle(ofA, delivered);
    expect(await settleAll(ledger)).toEqual(["1b a a", "3a a a", "link a a"]);
  });

  test("takes what ran under both keys when the relay died into the one queue", async () => {
    const { ledger, restart } = await scene(open);
    await acceptAll(ledger, "b", "a");
    expect(await ledger.claim("crm", 2, 1_000)).toHaveLength(2);
    await ledger.accept(link);
    expect(await settleAll(await restart())).toEqual(["1b a a", "2a a a", "link a a"]);
  });

  test("puts what is retried or replayed of a lost key into the queue of the one that stays", async () => {
    const { ledger } = await scene(open);
    await acceptAll(ledger, "b", "a");
    await settleAll(ledger);
    await ledger.accept(link);
    expect(await ledger.retry({ ids: ["dlv_1b-1"] })).toBe(1);
    const planned = { route: "all", target: "all/crm", sink: "crm" };
    expect(await ledger.replay([{ event: "evt_1b", deliveries: [planned] }])).toBe(1);
    expect(await claimable(ledger)).toHaveLength(1);
    expect(await settleAll(ledger)).toEqual(["1b a a", "link a a", "1b a a"]);
  });

  test("ends with one key and one queue in whatever order the rows of a chain are met", async () => {
    const rows = ["a", "b", "c", "d", "e"];
    const links = rows.slice(1).map((uid, at) => ({ uid, previousUid: rows[at] ?? null }));
    const identities = [...rows.map((uid) => ({ uid, previousUid: null })), ...links];
    const orders = fc.shuffledSubarray(identities, { minLength: identities.length });
    const property = fc.asyncProperty(orders, async (order) => {
      const { ledger } = await scene(open);
      for (const [at, booking] of order.entries()) await ledger.accept(arrival({ id: `${at}`, booking }));
      const settled = await settleAll(ledger);
      const [, key] = settled[0]?.split(" ") ?? [];
      expect(settled).toEqual(order.map((_, at) => `${at} ${key} ${key}`));
      expect(await Promise.all(rows.map((uid) => keyOf(ledger, `late ${uid}`, { uid })))).toEqual(rows.map(() => key));
    });
    await fc.assert(property, { numRuns: 30 });
  }, 60_000);

  test("tells of work when a united queue gets its head", async () => {
    const { ledger } = await scene(open);
    await acceptAll(ledger, "a", "b");
    const told: string[] = [];
    await ledger.settle(await claimOne(ledger), ended({ state: "delivered" }, {}, "made for a"));
    ledger.onWork((sink) => told.push(sink));
    await ledger.accept(arrival({ id: "silent", booking: { uid: "b", previousUid: "a" }, sinks: [] }));
    await expect.poll(() => told).toContain("crm");
    expect(await claimable(ledger)).toEqual(["dlv_2b-1"]);
  });
}

type Running = Awaited<ReturnType<typeof claimOne>>;

/** An event for each of these bookings, called `1a`, `2b` and so on. */
async function acceptAll(ledger: Ledger, ...bookings: readonly string[]): Promise<void> {
  for (const [index, booking] of bookings.entries())
    await ledger.accept(arrival({ id: `${index + 1}${booking}`, booking }));
}

/** Delivers one after the other until nothing is due; each with its delivery's and its event's booking key. */
async function settleAll(ledger: Ledger): Promise<string[]> {
  const order: string[] = [];
  for (
    let [claim] = await ledger.claim("crm", 1, 1_000);
    claim !== undefined;
    [claim] = await ledger.claim("crm", 1, 1_000)
  ) {
    const { delivery, event } = claim;
    order.push(`${event.id.slice("evt_".length)} ${delivery.bookingKey} ${event.booking.key}`);
    await ledger.settle(claim, delivered);
  }
  return order;
}
