import { expect, test } from "vitest";
import type { DeliveryQuery, EventQuery } from "../../../src/ledger/ledger.ts";
import { arrival, dead, delivered, MINUTE, START } from "../samples.ts";
import { claimOne, scene, type OpenLedger, type Scene } from "../scene.ts";

export function recordCases(open: OpenLedger): void {
  test("answers null or nothing for what it does not know", async () => {
    const { ledger } = await scene(open);
    expect(await ledger.event("evt_unknown")).toBeNull();
    expect(await ledger.delivery("dlv_unknown-1")).toBeNull();
    expect(await ledger.attempts("dlv_unknown-1")).toEqual([]);
    expect(await ledger.backlog()).toEqual([]);
  });

  test.each<[string, Partial<EventQuery>, string[]]>([
    ["all", {}, ["evt_four", "evt_three", "evt_two", "evt_one"]],
    ["as many as asked for", { limit: 2 }, ["evt_four", "evt_three"]],
    ["of a trigger", { trigger: "BOOKING_CANCELLED" }, ["evt_four", "evt_two"]],
    ["of a source", { source: "other" }, ["evt_four", "evt_three"]],
    ["since a time", { since: START + 2 * MINUTE }, ["evt_four", "evt_three"]],
    ["of trigger, source and time", { trigger: "BOOKING_CANCELLED", source: "other", since: START }, ["evt_four"]],
  ])("lists events, newest first: %s", async (_, query, ids) => {
    const { ledger } = await fourEvents(open);
    const found = await ledger.events({ limit: 10, ...query });
    expect(found.map(({ event }) => event.id)).toEqual(ids);
  });

  test.each<[string, Partial<DeliveryQuery>, string[]]>([
    ["all", {}, ["dlv_four-1", "dlv_three-1", "dlv_two-2", "dlv_two-1", "dlv_one-1"]],
    ["as many as asked for", { limit: 2 }, ["dlv_four-1", "dlv_three-1"]],
    ["in a state", { state: "waiting" }, ["dlv_four-1", "dlv_two-2"]],
    ["of a sink", { sink: "crm" }, ["dlv_three-1", "dlv_two-1", "dlv_one-1"]],
    ["of a sink in a state", { sink: "crm", state: "dead" }, ["dlv_two-1"]],
    ["since a time", { since: START + 2 * MINUTE }, ["dlv_four-1", "dlv_three-1"]],
    ["of an event", { event: "evt_two" }, ["dlv_two-2", "dlv_two-1"]],
    ["of an event in a state", { event: "evt_two", state: "dead" }, ["dlv_two-1"]],
  ])("lists deliveries, newest first: %s", async (_, query, ids) => {
    const { ledger } = await fourEvents(open);
    const found = await ledger.deliveries({ limit: 10, ...query });
    expect(found.map(({ id }) => id)).toEqual(ids);
  });

  test("counts what each sink has in each state, and since when", async () => {
    const { ledger } = await fourEvents(open);
    const backlog = await ledger.backlog();
    expect(backlog).toHaveLength(4);
    expect(backlog).toEqual(
      expect.arrayContaining([
        { sink: "chat", state: "waiting", count: 2, oldest: START + MINUTE },
        { sink: "crm", state: "dead", count: 1, oldest: null },
        { sink: "crm", state: "delivered", count: 1, oldest: null },
        { sink: "crm", state: "running", count: 1, oldest: START + 2 * MINUTE },
      ]),
    );
  });

  test("counts anew as deliveries move", async () => {
    const { ledger } = await fourEvents(open);
    await ledger.retry({ state: "dead" });
    await ledger.sweep(START + 1, 10);
    const states = (await ledger.backlog())
      .filter(({ sink }) => sink === "crm")
      .map(({ state, count }) => [state, count]);
    expect(new Map(states as [string, number][])).toEqual(
      new Map([
        ["running", 1],
        ["waiting", 1],
      ]),
    );
  });
}

/** Four events a minute apart: one delivered, one dead and waiting elsewhere, one running, one waiting. */
async function fourEvents(open: OpenLedger): Promise<Scene> {
  const world = await scene(open);
  const { ledger } = world;
  await ledger.accept(arrival({ id: "one", receivedAt: START }));
  await ledger.settle(await claimOne(ledger), delivered);
  await ledger.accept(
    arrival({ id: "two", receivedAt: START + MINUTE, trigger: "BOOKING_CANCELLED", sinks: ["crm", "chat"] }),
  );
  await ledger.settle(await claimOne(ledger), dead);
  await ledger.accept(arrival({ id: "three", receivedAt: START + 2 * MINUTE, source: "other" }));
  await claimOne(ledger);
  await ledger.accept(
    arrival({
      id: "four",
      receivedAt: START + 3 * MINUTE,
      source: "other",
      trigger: "BOOKING_CANCELLED",
      sinks: ["chat"],
    }),
  );
  return world;
}
