import { expect, test } from "vitest";
import { again, arrival, dead, delivered, ended, MINUTE, START } from "../samples.ts";
import { claimable, claimOne, scene, type OpenLedger } from "../scene.ts";

export function claimingCases(open: OpenLedger): void {
  test("gives nothing where nothing waits", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", sinks: ["crm"] }));
    expect(await ledger.claim("chat", 10, 1_000)).toEqual([]);
    expect(await ledger.nextDue("chat")).toBeNull();
  });

  test("gives the delivery, running, with its event", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    const stored = await ledger.event("evt_one");
    const claim = await claimOne(ledger);
    expect(claim).toMatchObject({ delivery: { id: "dlv_one-1", state: "running" }, memory: null });
    expect(claim.event).toEqual(stored?.event);
    expect(await ledger.delivery("dlv_one-1")).toEqual(claim.delivery);
  });

  test("gives as many as asked for, oldest due first", async () => {
    const { ledger, clock } = await scene(open);
    for (const id of ["one", "two", "three"]) {
      await ledger.accept(arrival({ id }));
      clock.time += 1;
    }
    const first = await claimOne(ledger);
    await ledger.settle(first, again(START + MINUTE));
    clock.time = START + 2 * MINUTE;
    const claims = await ledger.claim("crm", 2, 1_000);
    expect(claims.map(({ delivery }) => delivery.id)).toEqual(["dlv_two-1", "dlv_three-1"]);
    expect(await claimable(ledger)).toEqual(["dlv_one-1"]);
  });

  test("waits until a delivery is due", async () => {
    const { ledger, clock } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    await ledger.settle(await claimOne(ledger), again(START + MINUTE));
    clock.time = START + MINUTE - 1;
    expect(await claimable(ledger)).toEqual([]);
    clock.time = START + MINUTE;
    expect(await claimable(ledger)).toEqual(["dlv_one-1"]);
  });

  test("gives at most one of a booking, the earliest accepted, and the next only once it is settled", async () => {
    const { ledger } = await scene(open);
    for (const id of ["one", "two", "three", "four"]) await ledger.accept(arrival({ id, booking: "visit" }));
    for (const [id, settlement] of [
      ["dlv_one-1", delivered],
      ["dlv_two-1", dead],
      ["dlv_three-1", ended({ state: "skipped" })],
      ["dlv_four-1", delivered],
    ] as const) {
      const claims = await ledger.claim("crm", 10, 1_000);
      expect(claims.map(({ delivery }) => delivery.id)).toEqual([id]);
      expect(await ledger.claim("crm", 10, 1_000)).toEqual([]);
      await Promise.all(claims.map((claim) => ledger.settle(claim, settlement)));
    }
    expect(await ledger.claim("crm", 10, 1_000)).toEqual([]);
  });

  test("lets a booking that waits again delay its own events only", async () => {
    const { ledger, clock } = await scene(open);
    await ledger.accept(arrival({ id: "one", booking: "stuck" }));
    await ledger.accept(arrival({ id: "two", booking: "stuck" }));
    await ledger.settle(await claimOne(ledger), again(START + MINUTE));
    await ledger.accept(arrival({ id: "three", booking: "free" }));
    expect(await claimable(ledger)).toEqual(["dlv_three-1"]);
    clock.time = START + MINUTE;
    expect(await claimable(ledger)).toEqual(["dlv_three-1", "dlv_one-1"]);
  });

  test("keeps the order of one booking across a reschedule", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", booking: "a" }));
    await ledger.accept(arrival({ id: "two", booking: { uid: "b", previousUid: "a" } }));
    expect(await claimable(ledger)).toEqual(["dlv_one-1"]);
  });

  test("keeps no order between sinks", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", sinks: ["crm", "chat"] }));
    await claimOne(ledger, "crm");
    expect(await claimable(ledger, "chat")).toEqual(["dlv_one-2"]);
  });

  test("keeps no order between events without a booking", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", booking: null }));
    await ledger.accept(arrival({ id: "two", booking: null }));
    expect(await claimable(ledger)).toEqual(["dlv_one-1", "dlv_two-1"]);
  });

  test("takes several targets of one event at one sink in the order of the plan", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", sinks: ["crm/first", "crm/second"] }));
    const first = await claimOne(ledger);
    expect(first.delivery.target).toBe("all/crm/first");
    expect(await claimable(ledger)).toEqual([]);
    await ledger.settle(first, delivered);
    expect(await claimable(ledger)).toEqual(["dlv_one-2"]);
  });

  test("never gives one delivery to two that ask at once", async () => {
    const { ledger } = await scene(open);
    await Promise.all(Array.from({ length: 30 }, (_, n) => ledger.accept(arrival({ id: `n${n}` }))));
    const claims = (await Promise.all([1, 2, 3, 4].map(() => ledger.claim("crm", 10, 1_000)))).flat();
    expect(claims).toHaveLength(30);
    expect(new Set(claims.map(({ delivery }) => delivery.id)).size).toBe(30);
  });

  test("lets no more of a sink run at once than it is told, whatever else waits", async () => {
    const { ledger } = await scene(open);
    for (const id of ["one", "two", "three"]) await ledger.accept(arrival({ id, sinks: ["crm", "chat"] }));
    const [first, ...others] = await ledger.claim("crm", 3, 2);
    expect(others).toHaveLength(1);
    expect(await ledger.claim("crm", 3, 2)).toEqual([]);
    expect(await ledger.claim("crm", 3, 1)).toEqual([]);
    expect(await ledger.claim("chat", 1, 1)).toHaveLength(1);
    if (first !== undefined) await ledger.settle(first, delivered);
    expect(await ledger.claim("crm", 3, 2)).toHaveLength(1);
  });

  test("holds a lease until it is settled", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    const { keeping } = await claimOne(ledger);
    expect([keeping.isHeld(), keeping.lost.aborted]).toEqual([true, false]);
  });

  test("takes back a released delivery as it was, without an attempt", async () => {
    const { ledger, clock } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    const before = await ledger.delivery("dlv_one-1");
    clock.time += MINUTE;
    await ledger.release(await claimOne(ledger));
    expect(await ledger.delivery("dlv_one-1")).toEqual(before);
    expect(await ledger.attempts("dlv_one-1")).toEqual([]);
    expect(await claimable(ledger)).toEqual(["dlv_one-1"]);
  });

  test("says when the next that could be claimed falls due", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", booking: "visit" }));
    expect(await ledger.nextDue("crm")).toBe(START);
    const claim = await claimOne(ledger);
    await ledger.accept(arrival({ id: "two", booking: "visit" }));
    expect(await ledger.nextDue("crm")).toBeNull();
    await ledger.settle(claim, again(START + MINUTE));
    expect(await ledger.nextDue("crm")).toBe(START + MINUTE);
  });
}
