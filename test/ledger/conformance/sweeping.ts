import { expect, test } from "vitest";
import type { Json } from "../../../src/event.ts";
import { arrival, delivered, ended, MINUTE, sampleEvent, START } from "../samples.ts";
import { claimOne, scene, type OpenLedger } from "../scene.ts";

export function sweepingCases(open: OpenLedger): void {
  test("deletes an old event with its deliveries and attempts", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    await ledger.settle(await claimOne(ledger), delivered);
    expect(await ledger.sweep(START + 1, 10)).toBe(1);
    expect(await ledger.event("evt_one")).toBeNull();
    expect(await ledger.delivery("dlv_one-1")).toBeNull();
    expect(await ledger.attempts("dlv_one-1")).toEqual([]);
    expect(await ledger.backlog()).toEqual([]);
    expect(await ledger.sweep(START + 1, 10)).toBe(0);
  });

  test("deletes an old event that matched nothing", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", sinks: [] }));
    expect(await ledger.sweep(START + 1, 10)).toBe(1);
  });

  test("keeps what was received at the limit or after it", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", sinks: [] }));
    expect(await ledger.sweep(START, 10)).toBe(0);
  });

  test("keeps an event, however old, while a delivery of it waits or runs", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", sinks: ["crm", "chat"] }));
    await ledger.settle(await claimOne(ledger, "crm"), delivered);
    expect(await ledger.sweep(START + 1, 10)).toBe(0);
    const running = await claimOne(ledger, "chat");
    expect(await ledger.sweep(START + 1, 10)).toBe(0);
    await ledger.settle(running, delivered);
    expect(await ledger.sweep(START + 1, 10)).toBe(1);
  });

  test("deletes no more than asked for, past events that have to stay", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "stays" }));
    for (const id of ["a", "b", "c"]) await ledger.accept(arrival({ id, sinks: [], receivedAt: START + MINUTE }));
    expect(await ledger.sweep(START + 2 * MINUTE, 2)).toBe(2);
    expect(await ledger.sweep(START + 2 * MINUTE, 2)).toBe(1);
    expect((await ledger.events({ limit: 10 })).map(({ event }) => event.id)).toEqual(["evt_stays"]);
  });

  test("leaves the booking's key, known view and sink memory", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", booking: { uid: "b", previousUid: "a" }, known: { title: "Visit" } }));
    await ledger.settle(await claimOne(ledger), ended({ state: "delivered" }, {}, { page: "p1" }));
    await ledger.sweep(START + 1, 10);
    const seen: Json[] = [];
    await ledger.accept(
      arrival({
        id: "two",
        booking: "b",
        decide(bookingKey, known) {
          seen.push(bookingKey, known);
          const deliveries = [{ route: "all", target: "all/crm", sink: "crm" }];
          return { event: sampleEvent("evt_two", bookingKey), verdicts: [], deliveries, known: null };
        },
      }),
    );
    expect(seen.slice(-2)).toEqual(["a", { title: "Visit" }]);
    expect(await claimOne(ledger)).toMatchObject({ memory: { page: "p1" } });
  });

  test("keeps the order of a booking whose earlier events are gone", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", booking: "visit" }));
    await ledger.settle(await claimOne(ledger), delivered);
    await ledger.accept(arrival({ id: "two", booking: "visit", receivedAt: START + MINUTE }));
    await ledger.accept(arrival({ id: "three", booking: "visit", receivedAt: START + MINUTE }));
    await ledger.sweep(START + 1, 10);
    const second = await claimOne(ledger);
    expect(second.delivery.id).toBe("dlv_two-1");
    expect(await ledger.claim("crm", 10, 1_000)).toEqual([]);
  });
}
