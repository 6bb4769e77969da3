import { expect, test } from "vitest";
import type { Ledger, Settlement } from "../../../src/ledger/ledger.ts";
import { again, arrival, dead, delivered, ended, MINUTE, START } from "../samples.ts";
import { claimable, claimOne, scene, type OpenLedger } from "../scene.ts";

export function retryCases(open: OpenLedger): void {
  test("puts a dead delivery back, due now, with a fresh retry time and its attempts on record", async () => {
    const { ledger, clock } = await scene(open);
    await settled(ledger, "one", dead);
    clock.time = START + MINUTE;
    expect(await ledger.retry({ ids: ["dlv_one-1"] })).toBe(1);
    expect(await ledger.delivery("dlv_one-1")).toMatchObject({
      state: "waiting",
      dueAt: START + MINUTE,
      attempts: 0,
      firstAttemptAt: null,
      reason: null,
      settledAt: null,
    });
    expect(await ledger.attempts("dlv_one-1")).toHaveLength(1);
    expect(await claimable(ledger)).toEqual(["dlv_one-1"]);
  });

  test("sends a delivered one again as something new", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    await ledger.settle(await claimOne(ledger), again(START, { maybeDelivered: true }));
    await ledger.settle(await claimOne(ledger), delivered);
    await ledger.retry({ ids: ["dlv_one-1"] });
    expect(await claimOne(ledger)).toMatchObject({ delivery: { id: "dlv_one-1", maybeDelivered: false } });
  });

  test("still says that a dead one may have arrived", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    await ledger.settle(await claimOne(ledger), again(START, { maybeDelivered: true }));
    await ledger.settle(await claimOne(ledger), dead);
    await ledger.retry({ ids: ["dlv_one-1"] });
    expect(await claimOne(ledger)).toMatchObject({ delivery: { maybeDelivered: true } });
  });

  test("gives it the sink's memory again", async () => {
    const { ledger } = await scene(open);
    await settled(ledger, "one", ended({ state: "delivered" }, {}, { page: "p1" }));
    await ledger.retry({ ids: ["dlv_one-1"] });
    expect(await claimOne(ledger)).toMatchObject({ memory: { page: "p1" } });
  });

  test("leaves alone what is unknown, waits or runs", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "running" }));
    const claim = await claimOne(ledger);
    await ledger.accept(arrival({ id: "waiting" }));
    expect(await ledger.retry({ ids: ["dlv_running-1", "dlv_waiting-1", "dlv_unknown-1"] })).toBe(0);
    expect(await ledger.settle(claim, delivered)).toBe(true);
  });

  test("puts back once what two ask for at once", async () => {
    const { ledger } = await scene(open);
    await settled(ledger, "one", dead);
    const counts = await Promise.all([ledger.retry({ state: "dead" }), ledger.retry({ ids: ["dlv_one-1"] })]);
    expect(counts.toSorted()).toEqual([0, 1]);
    expect(await claimable(ledger)).toEqual(["dlv_one-1"]);
  });

  test("selects by state, sink and time of acceptance", async () => {
    const { ledger } = await scene(open);
    await settled(ledger, "old", dead, { receivedAt: START - MINUTE });
    await settled(ledger, "dead", dead);
    await settled(ledger, "chat", dead, { sinks: ["chat"] });
    await settled(ledger, "delivered", delivered);
    await settled(ledger, "skipped", ended({ state: "skipped" }));
    expect(await ledger.retry({ state: "dead", sink: "crm", since: START })).toBe(1);
    expect(await claimable(ledger)).toEqual(["dlv_dead-1"]);
    expect(await ledger.retry({ state: "dead" })).toBe(2);
    expect(await ledger.retry({ state: "skipped", sink: "chat" })).toBe(0);
    expect(await ledger.retry({ state: "skipped" })).toBe(1);
    expect(await ledger.retry({ state: "delivered", since: START })).toBe(1);
  });

  test("puts back very many", async () => {
    const { ledger } = await scene(open);
    await Promise.all(Array.from({ length: 700 }, (_, n) => ledger.accept(arrival({ id: `n${n}` }))));
    const claims = await ledger.claim("crm", 700, 1_000);
    await Promise.all(claims.map((claim) => ledger.settle(claim, dead)));
    const progress: [done: number, total: number][] = [];
    expect(await ledger.retry({ state: "dead" }, (...told) => progress.push(told))).toBe(700);
    expect(progress[0]).toEqual([0, 700]);
    expect(progress.at(-1)).toEqual([700, 700]);
    expect(await ledger.claim("crm", 1_000, 1_000)).toHaveLength(700);
  });
}

async function settled(
  ledger: Ledger,
  id: string,
  settlement: Settlement,
  options: { readonly receivedAt?: number; readonly sinks?: readonly [string] } = {},
): Promise<void> {
  await ledger.accept(arrival({ id, ...options }));
  await ledger.settle(await claimOne(ledger, options.sinks?.[0]), settlement);
}
