import { expect, test } from "vitest";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { arrival, dead, delivered, START } from "../samples.ts";
import { claimOne, scene, type OpenLedger } from "../scene.ts";

export function workCases(open: OpenLedger): void {
  test("tells of each sink that an accepted event goes to", async () => {
    const { ledger } = await scene(open);
    const told = listen(ledger);
    await ledger.accept(arrival({ id: "one", sinks: ["crm", "chat"] }));
    await expect.poll(() => told).toEqual(expect.arrayContaining(["crm", "chat"]));
  });

  test("tells only of what can already be claimed", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    const claimed: (string | undefined)[] = [];
    ledger.onWork((sink) => {
      ledger.claim(sink === "*" ? "chat" : sink, 1, 1_000).then(
        ([claim]) => claimed.push(claim?.delivery.id),
        () => claimed.push("failed"),
      );
    });
    await ledger.accept(arrival({ id: "two", sinks: ["chat"] }));
    await expect.poll(() => claimed).toContain("dlv_two-1");
  });

  test("tells when the next of a booking may go, as one is settled", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", booking: "visit" }));
    await ledger.accept(arrival({ id: "two", booking: "visit" }));
    const claim = await claimOne(ledger);
    const told = listen(ledger);
    await ledger.settle(claim, delivered);
    await expect.poll(() => told).toContain("crm");
  });

  test("tells of what a person puts back", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one" }));
    await ledger.settle(await claimOne(ledger), dead);
    const told = listen(ledger);
    await ledger.retry({ state: "dead" });
    await expect.poll(() => told).toContain("crm");
  });

  test("tells of a hold that is lifted", async () => {
    const { ledger } = await scene(open);
    await ledger.hold({ sink: "crm", by: "person", kind: "paused", reason: "stocktaking", since: START, until: null });
    const told = listen(ledger);
    await ledger.lift("crm", "person");
    await expect.poll(() => told).toContain("crm");
  });

  test("tells no one who has stopped listening", async () => {
    const { ledger } = await scene(open);
    const stopped: string[] = [];
    const stop = ledger.onWork((sink) => stopped.push(sink));
    const told = listen(ledger);
    stop();
    await ledger.accept(arrival({ id: "one" }));
    await expect.poll(() => told).toContain("crm");
    expect(stopped).toEqual([]);
  });
}

/** The sinks told of so far; "*" stands for all of them. */
function listen(ledger: Ledger): string[] {
  const told: string[] = [];
  ledger.onWork((sink) => told.push(...(sink === "*" ? ["crm", "chat"] : [sink])));
  return told;
}
