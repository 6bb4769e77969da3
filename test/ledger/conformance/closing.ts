import { expect, test } from "vitest";
import { arrival } from "../samples.ts";
import { scene, type OpenLedger } from "../scene.ts";

export function closingCases(open: OpenLedger): void {
  test("answers a ping while it is open", async () => {
    const { ledger } = await scene(open);
    await expect(ledger.ping()).resolves.toBeUndefined();
  });

  test("finishes what is being written before it closes", async () => {
    const { ledger, restart } = await scene(open);
    const accepted = ledger.accept(arrival({ id: "one" }));
    const reopened = await restart();
    await expect(accepted).resolves.toMatchObject({ status: "accepted" });
    expect(await reopened.event("evt_one")).not.toBeNull();
  });

  test("takes nothing and tells nothing once it is closed", async () => {
    const { ledger } = await scene(open);
    await ledger.close();
    const unavailable = { code: "ledger_unavailable" };
    await expect(ledger.accept(arrival({ id: "one" }))).rejects.toMatchObject(unavailable);
    await expect(ledger.claim("crm", 1, 1_000)).rejects.toMatchObject(unavailable);
    await expect(ledger.events({ limit: 1 })).rejects.toMatchObject(unavailable);
    await expect(ledger.retry({ state: "dead" })).rejects.toMatchObject(unavailable);
    await expect(ledger.ping()).rejects.toMatchObject(unavailable);
  });

  test("may be closed twice", async () => {
    const { ledger } = await scene(open);
    await ledger.close();
    await expect(ledger.close()).resolves.toBeUndefined();
  });
}
