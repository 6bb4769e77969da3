import { expect, test } from "vitest";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { again, arrival, dead, delivered, MINUTE, START } from "../samples.ts";
import { claimable, claimOne, scene, type OpenLedger } from "../scene.ts";
import { queueProperty } from "./queue-model.ts";

/** Order within a booking where a person puts deliveries back in the midst of it. */
export function orderCases(open: OpenLedger): void {
  test("brings an earlier delivery that was put back before the later ones that wait", async () => {
    const { ledger } = await scene(open);
    await threeOfOneBooking(ledger);
    await ledger.settle(await claimOne(ledger), dead);
    await ledger.retry({ ids: ["dlv_one-1"] });
    expect(await settleAll(ledger)).toEqual(["dlv_one-1", "dlv_two-1", "dlv_three-1"]);
  });

  test("lets the running delivery end before an earlier one that was put back", async () => {
    const { ledger } = await scene(open);
    await threeOfOneBooking(ledger);
    await ledger.settle(await claimOne(ledger), dead);
    const running = await claimOne(ledger);
    await ledger.retry({ ids: ["dlv_one-1"] });
    expect(await ledger.claim("crm", 10, 1_000)).toEqual([]);
    expect(await ledger.nextDue("crm")).toBeNull();
    await ledger.settle(running, delivered);
    expect(await settleAll(ledger)).toEqual(["dlv_one-1", "dlv_three-1"]);
  });

  test("brings an earlier delivery that was put back before a running one that has to wait again", async () => {
    const { ledger, clock } = await scene(open);
    await threeOfOneBooking(ledger);
    await ledger.settle(await claimOne(ledger), dead);
    const running = await claimOne(ledger);
    await ledger.retry({ ids: ["dlv_one-1"] });
    await ledger.settle(running, again(START + MINUTE));
    expect(await settleAll(ledger)).toEqual(["dlv_one-1"]);
    clock.time += MINUTE;
    expect(await settleAll(ledger)).toEqual(["dlv_two-1", "dlv_three-1"]);
  });

  test("brings an earlier delivery that was put back before a running one that is handed back", async () => {
    const { ledger } = await scene(open);
    await threeOfOneBooking(ledger);
    await ledger.settle(await claimOne(ledger), dead);
    const running = await claimOne(ledger);
    await ledger.retry({ ids: ["dlv_one-1"] });
    await ledger.release(running);
    expect(await settleAll(ledger)).toEqual(["dlv_one-1", "dlv_two-1", "dlv_three-1"]);
  });

  test("keeps a later delivery that was put back behind the earlier ones", async () => {
    const { ledger } = await scene(open);
    await threeOfOneBooking(ledger);
    expect(await settleAll(ledger)).toEqual(["dlv_one-1", "dlv_two-1", "dlv_three-1"]);
    expect(await ledger.retry({ ids: ["dlv_three-1", "dlv_one-1"] })).toBe(2);
    expect(await claimable(ledger)).toEqual(["dlv_one-1"]);
    expect(await settleAll(ledger)).toEqual(["dlv_one-1", "dlv_three-1"]);
  });

  test("takes what is accepted after a delivery was put back as the last", async () => {
    const { ledger } = await scene(open);
    await threeOfOneBooking(ledger);
    await settleAll(ledger);
    await ledger.retry({ ids: ["dlv_two-1"] });
    await ledger.accept(arrival({ id: "four", booking: "visit" }));
    expect(await settleAll(ledger)).toEqual(["dlv_two-1", "dlv_four-1"]);
  });

  test("never breaks the order of a booking, whatever is done in whatever order", async () => {
    await expect(queueProperty(() => scene(open))).resolves.toBeUndefined();
  }, 60_000);
}

async function threeOfOneBooking(ledger: Ledger): Promise<void> {
  for (const id of ["one", "two", "three"]) await ledger.accept(arrival({ id, booking: "visit" }));
}

/** Delivers one after the other until nothing is due. */
async function settleAll(ledger: Ledger): Promise<string[]> {
  const order: string[] = [];
  for (
    let [claim] = await ledger.claim("crm", 1, 1_000);
    claim !== undefined;
    [claim] = await ledger.claim("crm", 1, 1_000)
  ) {
    order.push(claim.delivery.id);
    await ledger.settle(claim, delivered);
  }
  return order;
}
