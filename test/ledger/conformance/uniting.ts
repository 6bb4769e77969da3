import { expect, test } from "vitest";
import type { Applied, Ledger } from "../../../src/ledger/ledger.ts";
import { arrival, ended } from "../samples.ts";
import { claimable, claimOne, scene, type OpenLedger } from "../scene.ts";
import { exchange, keyOf } from "./bookings.ts";

/** What had several keys and turns out to be one booking: its key, its view, and what it has at sinks. */
export function unitingCases(open: OpenLedger): void {
  test("unites two keys under that of the earlier row when an event links them", async () => {
    const { ledger, restart } = await scene(open);
    expect(await keyOf(ledger, "1", { uid: "a" })).toBe("a");
    expect(await keyOf(ledger, "2", { uid: "b" })).toBe("b");
    expect(await keyOf(ledger, "3", { uid: "b", previousUid: "a" })).toBe("a");
    const reopened = await restart();
    expect(await keyOf(reopened, "4", { uid: "b" })).toBe("a");
    expect(await keyOf(reopened, "5", { uid: "a" })).toBe("a");
  });

  test("unites by the root too, and three keys at once", async () => {
    const { ledger } = await scene(open);
    for (const uid of ["a", "b", "c"]) await keyOf(ledger, uid, { uid });
    expect(await keyOf(ledger, "4", { uid: "c", previousUid: "b", rootUid: "a" })).toBe("a");
    for (const uid of ["a", "b", "c"]) expect(await keyOf(ledger, `late ${uid}`, { uid })).toBe("a");
  });

  test("unites with further keys what was united before", async () => {
    const { ledger } = await scene(open);
    for (const uid of ["a", "b", "c", "d"]) await keyOf(ledger, uid, { uid });
    expect(await keyOf(ledger, "5", { uid: "d", previousUid: "c" })).toBe("c");
    expect(await keyOf(ledger, "6", { uid: "c", previousUid: "b" })).toBe("b");
    expect(await keyOf(ledger, "7", { uid: "b", previousUid: "a" })).toBe("a");
    for (const uid of ["a", "b", "c", "d"]) expect(await keyOf(ledger, `late ${uid}`, { uid })).toBe("a");
  });

  test("leaves the keys of events on record as they were", async () => {
    const { ledger } = await scene(open);
    await keyOf(ledger, "1", { uid: "b" });
    await keyOf(ledger, "2", { uid: "a" });
    await keyOf(ledger, "3", { uid: "b", previousUid: "a" });
    expect(await ledger.event("evt_1")).toMatchObject({ bookingKey: "b", event: { booking: { key: "b" } } });
  });

  test("makes one known view of two, and keeps one where there is only one", async () => {
    const { ledger } = await scene(open);
    await exchange(ledger, "1", "a", "of a");
    await exchange(ledger, "2", "b", "of b");
    expect(await exchange(ledger, "3", { uid: "b", previousUid: "a" }, null)).toEqual(["of a", "of b"]);
    expect(await exchange(ledger, "4", "b", null)).toEqual(["of a", "of b"]);
    await exchange(ledger, "5", "c", null);
    expect(await exchange(ledger, "6", { uid: "b", previousUid: "c" }, null)).toEqual(["of a", "of b"]);
  });

  test("keeps the key under which something is at a sink, if only one has something", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "1", booking: "b" }));
    await ledger.settle(await claimOne(ledger), ended({ state: "delivered" }, {}, { page: "of b" }));
    await keyOf(ledger, "2", { uid: "a" });
    expect(await keyOf(ledger, "3", { uid: "b", previousUid: "a" })).toBe("b");
    expect(await keyOf(ledger, "4", { uid: "a" })).toBe("b");
  });

  test.each([
    ["is running", false],
    ["may have been delivered", true],
  ])("counts what %s as something at a sink", async (_, waitsAgain) => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "1", booking: "b" }));
    const claim = await claimOne(ledger);
    if (waitsAgain) await ledger.settle(claim, ended(unsure));
    await keyOf(ledger, "2", { uid: "a" });
    expect(await keyOf(ledger, "3", { uid: "b", previousUid: "a" })).toBe("b");
  });

  test("hands a target's memory to the key that stays, which keeps its own where it has one", async () => {
    const { ledger } = await scene(open);
    const settleNext = async (memory: string): Promise<void> =>
      void (await ledger.settle(await claimOne(ledger), ended({ state: "delivered" }, {}, memory)));
    await ledger.accept(arrival({ id: "1", booking: "a", sinks: ["crm/first"] }));
    await settleNext("first of a");
    await ledger.accept(arrival({ id: "2", booking: "b", sinks: ["crm/first", "crm/second"] }));
    await settleNext("first of b");
    await settleNext("second of b");
    const booking = { uid: "b", previousUid: "a" };
    await ledger.accept(arrival({ id: "3", booking, sinks: ["crm/first", "crm/second"] }));
    for (const memory of ["first of a", "second of b"]) {
      const claim = await claimOne(ledger);
      expect(claim).toMatchObject({ delivery: { bookingKey: "a" }, memory });
      await ledger.settle(claim, ended({ state: "delivered" }));
    }
  });

  test("delivers again under the key that stays what is newer under the lost one", async () => {
    const { ledger } = await scene(open);
    await apply(ledger, "old", "a", 1);
    await apply(ledger, "new", "b", 2);
    await ledger.accept(arrival({ id: "link", booking: { uid: "b", previousUid: "a" }, sinks: [] }));
    expect(await claimOne(ledger)).toMatchObject({
      delivery: { id: "dlv_new-2", bookingKey: "a", target: "all/crm", route: "all" },
      event: { id: "evt_new", booking: { key: "a" } },
      applied: { event: "evt_old" },
    });
  });

  test("delivers nothing again where the key that stays has the newer view", async () => {
    const { ledger } = await scene(open);
    await apply(ledger, "old", "b", 1);
    await apply(ledger, "new", "a", 2);
    await ledger.accept(arrival({ id: "link", booking: { uid: "b", previousUid: "a" }, sinks: [] }));
    expect(await claimable(ledger)).toEqual([]);
  });
}

const unsure = { state: "waiting", dueAt: 0, maybeDelivered: true, usedAttempt: true } as const;

/** Accepts and delivers an event, as one that shows its booking in a row of its own. */
async function apply(ledger: Ledger, id: string, booking: string, sequence: number): Promise<void> {
  await ledger.accept(arrival({ id, booking }));
  const applied: Applied = {
    thing: booking,
    event: `evt_${id}`,
    recency: { sequence, at: "2026-03-02T09:00:00.000Z" },
  };
  await ledger.settle(await claimOne(ledger), ended({ state: "delivered" }, {}, undefined, applied));
}
