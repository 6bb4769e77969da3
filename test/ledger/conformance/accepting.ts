import { expect, test } from "vitest";
import type { Decision } from "../../../src/ledger/arrival.ts";
import { arrival, ended, sampleEvent, START } from "../samples.ts";
import { claimOne, scene, type OpenLedger } from "../scene.ts";

export function acceptingCases(open: OpenLedger): void {
  test("gives an event back as it was decided, with its verdicts and booking key", async () => {
    const { ledger } = await scene(open);
    const verdicts = [
      {
        route: "sales",
        matched: false,
        reason: { condition: "on", expected: ["A"], seen: null, text: "the trigger is another" },
      },
    ];
    const event = sampleEvent("evt_one", "visit");
    const decide = () => ({ event, verdicts, deliveries: [], known: null });
    await ledger.accept(arrival({ id: "one", booking: "visit", decide }));
    expect(await ledger.event("evt_one")).toEqual({ event, bookingKey: "visit", verdicts });
  });

  test("answers with the event's id and the number of its deliveries", async () => {
    const { ledger } = await scene(open);
    expect(await ledger.accept(arrival({ id: "one", sinks: ["crm", "chat"] }))).toEqual({
      status: "accepted",
      event: "evt_one",
      deliveries: 2,
    });
  });

  test("stores an event that matched nothing", async () => {
    const { ledger } = await scene(open);
    expect(await ledger.accept(arrival({ id: "one", sinks: [] }))).toMatchObject({ deliveries: 0 });
    expect(await ledger.event("evt_one")).not.toBeNull();
  });

  test("plans each delivery, due at once, under an id that follows from the event's", async () => {
    const { ledger, clock } = await scene(open);
    clock.time = START + 5;
    await ledger.accept(arrival({ id: "one", booking: "visit", sinks: ["crm", "chat"] }));
    expect(await ledger.delivery("dlv_one-2")).toEqual({
      id: "dlv_one-2",
      event: "evt_one",
      trigger: "BOOKING_CREATED",
      route: "all",
      target: "all/chat",
      sink: "chat",
      bookingKey: "visit",
      state: "waiting",
      dueAt: START + 5,
      attempts: 0,
      firstAttemptAt: null,
      maybeDelivered: false,
      reason: null,
      acceptedAt: START,
      settledAt: null,
    });
  });

  test("keeps everything over a restart", async () => {
    const { ledger, restart } = await scene(open);
    await ledger.accept(arrival({ id: "one", booking: "visit", known: { title: "Garden visit" } }));
    const before = [await ledger.event("evt_one"), await ledger.delivery("dlv_one-1")];
    const reopened = await restart();
    expect([await reopened.event("evt_one"), await reopened.delivery("dlv_one-1")]).toEqual(before);
  });

  test("takes any character there is, also those that a database may not", async () => {
    const { ledger } = await scene(open);
    const odd = "a\u0000b\u{1f331}'\"\\ü";
    const event = sampleEvent("evt_one", "one", { trigger: odd, payload: { odd }, body: odd });
    const known = { title: odd };
    const decide = (): Decision => ({
      event,
      verdicts: [],
      deliveries: [{ route: "all", target: "t", sink: "crm" }],
      known,
    });
    await ledger.accept(arrival({ id: "one", booking: odd, trigger: odd, duplicateKeys: [odd], decide }));
    expect(await ledger.event("evt_one")).toMatchObject({ event: { trigger: odd, payload: { odd }, body: odd } });
    expect(await ledger.accept(arrival({ id: "two", duplicateKeys: [odd] }))).toMatchObject({ event: "evt_one" });
    const claim = await claimOne(ledger);
    await ledger.settle(claim, ended({ state: "delivered" }, { reason: odd, message: odd, answer: odd }, odd));
    expect(await ledger.attempts("dlv_one-1")).toMatchObject([{ message: odd, answer: odd }]);
    await ledger.accept(arrival({ id: "three", booking: odd }));
    expect(await ledger.deliveries({ limit: 1, event: "evt_three" })).toMatchObject([
      { bookingKey: claim.delivery.bookingKey },
    ]);
  });

  test("rejects an arrival whose decision throws, alone and without a trace", async () => {
    const { ledger } = await scene(open);
    const defect = new TypeError("a defect in a filter");
    const broken = arrival({
      id: "broken",
      booking: { uid: "new", previousUid: "old" },
      duplicateKeys: ["same"],
      decide: () => {
        throw defect;
      },
    });
    const results = await Promise.allSettled([
      ledger.accept(arrival({ id: "before" })),
      ledger.accept(broken),
      ledger.accept(arrival({ id: "after", booking: "new", duplicateKeys: ["same"] })),
    ]);
    expect(results).toMatchObject([
      { status: "fulfilled" },
      { status: "rejected", reason: defect },
      { status: "fulfilled", value: { status: "accepted", event: "evt_after" } },
    ]);
    expect(await ledger.event("evt_broken")).toBeNull();
    expect(await ledger.event("evt_after")).toMatchObject({ bookingKey: "new" });
  });

  test("rejects a second arrival under an id that is taken, without touching the first", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", booking: "first" }));
    await expect(ledger.accept(arrival({ id: "one", booking: "second" }))).rejects.toBeInstanceOf(Error);
    expect(await ledger.event("evt_one")).toMatchObject({ bookingKey: "first" });
    expect(await ledger.deliveries({ limit: 10 })).toHaveLength(1);
  });

  test("stores many that arrive in one moment, each once", async () => {
    const { ledger } = await scene(open);
    const ids = Array.from({ length: 600 }, (_, index) => `n${index}`);
    await Promise.all(ids.map((id) => ledger.accept(arrival({ id }))));
    const stored = await ledger.deliveries({ limit: 1_000 });
    expect(new Set(stored.map(({ event }) => event))).toEqual(new Set(ids.map((id) => `evt_${id}`)));
  });
}
