import { expect, test } from "vitest";
import type { Delivery } from "../../../src/ledger/ledger.ts";
import { arrival, delivered, MINUTE, START } from "../samples.ts";
import { claimable, claimOne, scene, type OpenLedger } from "../scene.ts";

const toCrm = { route: "new", target: "new/crm", sink: "crm" };
const toChat = { route: "new", target: "new/chat", sink: "chat" };

export function replayCases(open: OpenLedger): void {
  test("gives a stored event further deliveries, due now, beside those it has", async () => {
    const { ledger, clock } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    await ledger.settle(await claimOne(ledger), delivered);
    clock.time = START + MINUTE;
    expect(await ledger.replay([{ event: "evt_one", deliveries: [toCrm, toChat] }])).toBe(2);
    expect(await ledger.delivery("dlv_one-1")).toMatchObject({ state: "delivered" });
    expect(await ledger.delivery("dlv_one-2")).toEqual<Delivery>({
      ...toCrm,
      id: "dlv_one-2",
      event: "evt_one",
      trigger: "BOOKING_CREATED",
      bookingKey: "one",
      state: "waiting",
      dueAt: START + MINUTE,
      attempts: 0,
      firstAttemptAt: null,
      maybeDelivered: false,
      reason: null,
      acceptedAt: START,
      settledAt: null,
    });
    expect(await claimable(ledger, "chat")).toEqual(["dlv_one-3"]);
  });

  test("makes new deliveries each time, and leaves the event's verdicts as they were decided", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", sinks: [] }));
    const before = await ledger.event("evt_one");
    for (const place of [1, 2, 3]) {
      await ledger.replay([{ event: "evt_one", deliveries: [toCrm] }]);
      expect(await ledger.delivery(`dlv_one-${place}`)).not.toBeNull();
    }
    expect(await ledger.event("evt_one")).toEqual(before);
  });

  test("comes after what waits of the booking, in the order given", async () => {
    const { ledger } = await scene(open);
    for (const id of ["one", "two", "three"]) await ledger.accept(arrival({ id, booking: "visit" }));
    await ledger.replay(["evt_two", "evt_one"].map((event) => ({ event, deliveries: [toCrm] })));
    const order: string[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const claim = await claimOne(ledger);
      order.push(claim.delivery.id);
      await ledger.settle(claim, delivered);
    }
    expect(order).toEqual(["dlv_one-1", "dlv_two-1", "dlv_three-1", "dlv_two-2", "dlv_one-2"]);
  });

  test("ignores what is unknown, and tells of the work it makes", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", sinks: [] }));
    const told: string[] = [];
    ledger.onWork((sink) => told.push(sink));
    expect(await ledger.replay([{ event: "evt_unknown", deliveries: [toChat] }])).toBe(0);
    expect(await ledger.replay([{ event: "evt_one", deliveries: [] }])).toBe(0);
    expect(told).toEqual([]);
    expect(await ledger.replay([{ event: "evt_one", deliveries: [toCrm] }])).toBe(1);
    expect(told).toEqual(["crm"]);
  });

  test("names the events received since, oldest first", async () => {
    const { ledger } = await scene(open);
    for (const [id, minutes] of Object.entries({ late: 2, old: -1, early: 0, middle: 1 }))
      await ledger.accept(arrival({ id, receivedAt: START + minutes * MINUTE }));
    expect(await ledger.receivedSince(START)).toEqual(["evt_early", "evt_middle", "evt_late"]);
  });
}
