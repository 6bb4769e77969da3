import { expect, test } from "vitest";
import { again, arrival, dead, delivered, ended, MINUTE, START } from "../samples.ts";
import { claimOne, scene, type OpenLedger } from "../scene.ts";

export function settlingCases(open: OpenLedger): void {
  test("records a delivery that arrived, with its attempt", async () => {
    const { ledger, clock } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    const claim = await claimOne(ledger);
    clock.time = START + 20;
    const settlement = ended({ state: "delivered" }, { startedAt: START + 5, message: [1, null, "ä"], answer: null });
    expect(await ledger.settle(claim, settlement)).toBe(true);
    expect(await ledger.delivery("dlv_one-1")).toEqual({
      ...claim.delivery,
      state: "delivered",
      attempts: 1,
      firstAttemptAt: START + 5,
      settledAt: START + 20,
    });
    expect(await ledger.attempts("dlv_one-1")).toEqual([settlement.attempt]);
  });

  test.each(["dead", "skipped"] as const)("says why a delivery is %s", async (state) => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    await ledger.settle(await claimOne(ledger), ended({ state }, { reason: "no such channel" }));
    expect(await ledger.delivery("dlv_one-1")).toMatchObject({
      state,
      reason: "no such channel",
      attempts: 1,
      settledAt: START,
    });
  });

  test("counts attempts from the first, in order", async () => {
    const { ledger, clock } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    const settlements = [1, 2, 3].map((number) => ({
      ...(number < 3 ? again(START + number * MINUTE) : delivered),
      attempt: { ...again(0).attempt, number, startedAt: START + number },
    }));
    for (const settlement of settlements) {
      await ledger.settle(await claimOne(ledger), settlement);
      clock.time += MINUTE;
    }
    expect(await ledger.delivery("dlv_one-1")).toMatchObject({ attempts: 3, firstAttemptAt: START + 1, reason: null });
    expect(await ledger.attempts("dlv_one-1")).toEqual(settlements.map(({ attempt }) => attempt));
  });

  test("says when and why a delivery waits again", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    await ledger.settle(await claimOne(ledger), again(START + MINUTE));
    expect(await ledger.delivery("dlv_one-1")).toMatchObject({
      state: "waiting",
      dueAt: START + MINUTE,
      attempts: 1,
      reason: "waiting for a reason",
      settledAt: null,
    });
  });

  test("records a try that uses up no attempt without counting it", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    await ledger.settle(await claimOne(ledger), again(START, { usedAttempt: false }));
    expect(await ledger.delivery("dlv_one-1")).toMatchObject({ attempts: 0, firstAttemptAt: null });
    expect(await ledger.attempts("dlv_one-1")).toHaveLength(1);
  });

  test("keeps in mind that a message may have arrived until it is known to", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    const first = await claimOne(ledger);
    expect(first.delivery.maybeDelivered).toBe(false);
    await ledger.settle(first, again(START, { maybeDelivered: true }));
    const second = await claimOne(ledger);
    expect(second.delivery.maybeDelivered).toBe(true);
    await ledger.settle(second, again(START, { maybeDelivered: false }));
    const third = await claimOne(ledger);
    expect(third.delivery.maybeDelivered).toBe(true);
    await ledger.settle(third, delivered);
    expect(await ledger.delivery("dlv_one-1")).toMatchObject({ maybeDelivered: false });
  });

  test("writes nothing for a lease that was lost", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    const lost = await claimOne(ledger);
    await ledger.release(lost);
    expect(await ledger.settle(lost, ended({ state: "dead" }, {}, "late"))).toBe(false);
    const held = await claimOne(ledger);
    expect(held.memory).toBeNull();
    expect(await ledger.settle(lost, ended({ state: "dead" }, {}, "late"))).toBe(false);
    expect(await ledger.delivery("dlv_one-1")).toMatchObject({ state: "running", attempts: 0 });
    await ledger.release(lost);
    expect(await ledger.delivery("dlv_one-1")).toMatchObject({ state: "running" });
    expect(await ledger.settle(held, delivered)).toBe(true);
    expect(await ledger.settle(held, dead)).toBe(false);
    expect(await ledger.attempts("dlv_one-1")).toHaveLength(1);
  });

  test("keeps the sink's memory for the next delivery of the booking to the target", async () => {
    const { ledger } = await scene(open);
    for (const id of ["one", "two", "three"]) await ledger.accept(arrival({ id, booking: "visit" }));
    await ledger.settle(await claimOne(ledger), ended({ state: "delivered" }, {}, { page: "p1" }));
    const second = await claimOne(ledger);
    expect(second.memory).toEqual({ page: "p1" });
    await ledger.settle(second, delivered);
    expect(await claimOne(ledger)).toMatchObject({ memory: { page: "p1" } });
  });

  test("keeps what a failed try remembered", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    const { attempt, next } = again(START);
    await ledger.settle(await claimOne(ledger), { attempt, next, memory: "half done" });
    expect(await claimOne(ledger)).toMatchObject({ memory: "half done" });
  });

  test("keeps what is applied beside the memory, each as it is where only the other is told", async () => {
    const { ledger, restart } = await scene(open);
    for (const id of ["one", "two", "three", "four"]) await ledger.accept(arrival({ id, booking: "visit" }));
    const first = { thing: "row 1", event: "evt_one", recency: { sequence: null, at: "2026-03-02T09:00:00Z" } };
    const second = { thing: "row 1", event: "evt_two", recency: { sequence: 3, at: "2026-03-02T09:00:00Z" } };
    const claim = await claimOne(ledger);
    expect(claim.applied).toBeNull();
    await ledger.settle(claim, ended({ state: "delivered" }, {}, undefined, first));
    const next = await claimOne(ledger);
    expect(next).toMatchObject({ memory: null, applied: first });
    await ledger.settle(next, ended({ state: "delivered" }, {}, { page: "p1" }));
    const third = await claimOne(ledger);
    expect(third).toMatchObject({ memory: { page: "p1" }, applied: first });
    await ledger.settle(third, ended({ state: "delivered" }, {}, undefined, second));
    expect(await claimOne(await restart())).toMatchObject({ memory: { page: "p1" }, applied: second });
  });

  test("applies nothing for a lease that was lost, nor to another target or booking", async () => {
    const { ledger } = await scene(open);
    const applied = { thing: "row 1", event: "evt_one", recency: { sequence: 1, at: "2026-03-02T09:00:00Z" } };
    await ledger.accept(arrival({ id: "one", booking: "visit", sinks: ["crm/first", "crm/second"] }));
    const lost = await claimOne(ledger);
    await ledger.release(lost);
    expect(await ledger.settle(lost, ended({ state: "delivered" }, {}, undefined, applied))).toBe(false);
    const held = await claimOne(ledger);
    expect(held.applied).toBeNull();
    await ledger.settle(held, ended({ state: "delivered" }, {}, undefined, applied));
    expect(await claimOne(ledger)).toMatchObject({ delivery: { target: "all/crm/second" }, applied: null });
    await ledger.accept(arrival({ id: "two", booking: "other", sinks: ["crm/first"] }));
    expect(await claimOne(ledger)).toMatchObject({ delivery: { bookingKey: "other" }, applied: null });
  });

  test("keeps memory apart by target and by booking", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", booking: "visit", sinks: ["crm/first", "crm/second"] }));
    await ledger.settle(await claimOne(ledger), ended({ state: "delivered" }, {}, "of the first"));
    expect(await claimOne(ledger)).toMatchObject({ delivery: { target: "all/crm/second" }, memory: null });
    await ledger.accept(arrival({ id: "two", booking: "other", sinks: ["crm/first"] }));
    expect(await claimOne(ledger)).toMatchObject({ delivery: { target: "all/crm/first" }, memory: null });
  });
}
