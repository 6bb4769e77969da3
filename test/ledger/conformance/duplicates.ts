import { expect, test } from "vitest";
import { arrival, MINUTE, START } from "../samples.ts";
import { scene, type OpenLedger } from "../scene.ts";

export function duplicateCases(open: OpenLedger): void {
  const repeat = { duplicateKeys: ["created:visit"], dedupeMs: 10 * MINUTE };

  test("names the first event and stores nothing", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", ...repeat }));
    expect(await ledger.accept(arrival({ id: "two", ...repeat }))).toEqual({ status: "duplicate", event: "evt_one" });
    expect(await ledger.event("evt_two")).toBeNull();
    expect(await ledger.deliveries({ limit: 10 })).toHaveLength(1);
  });

  test("sees a repeat that arrives in the same moment", async () => {
    const { ledger } = await scene(open);
    const both = await Promise.all(["one", "two"].map((id) => ledger.accept(arrival({ id, ...repeat }))));
    expect(both.map(({ status }) => status).toSorted()).toEqual(["accepted", "duplicate"]);
    expect(await ledger.events({ limit: 10 })).toHaveLength(1);
  });

  test("counts a repeat as one up to the end of the window, and as new after it", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", ...repeat }));
    const late = { ...repeat, receivedAt: START + 10 * MINUTE };
    expect(await ledger.accept(arrival({ id: "two", ...late }))).toMatchObject({ status: "duplicate" });
    const after = { ...repeat, receivedAt: START + 10 * MINUTE + 1 };
    expect(await ledger.accept(arrival({ id: "three", ...after }))).toMatchObject({ status: "accepted" });
    expect(await ledger.accept(arrival({ id: "four", ...after }))).toEqual({ status: "duplicate", event: "evt_three" });
  });

  test("compares within a source only", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", ...repeat }));
    expect(await ledger.accept(arrival({ id: "two", source: "other", ...repeat }))).toMatchObject({
      status: "accepted",
    });
  });

  test("takes every event whose repeat cannot be told as new", async () => {
    const { ledger } = await scene(open);
    await ledger.accept(arrival({ id: "one", duplicateKeys: [] }));
    expect(await ledger.accept(arrival({ id: "two", duplicateKeys: [] }))).toMatchObject({ status: "accepted" });
  });

  test("knows a repeat by any of its keys, of which the first alone is kept", async () => {
    const { ledger } = await scene(open);
    const keyed = (id: string, ...duplicateKeys: readonly string[]) =>
      arrival({ id, duplicateKeys, dedupeMs: 10 * MINUTE });
    await ledger.accept(keyed("one", "step 5", "step 4", "step 6"));
    const duplicate = { status: "duplicate", event: "evt_one" };
    expect(await ledger.accept(keyed("two", "step 6", "step 5", "step 7"))).toEqual(duplicate);
    expect(await ledger.accept(keyed("three", "step 4", "step 3", "step 5"))).toEqual(duplicate);
    expect(await ledger.accept(keyed("four", "step 7", "step 6", "step 8"))).toMatchObject({ status: "accepted" });
  });

  test("remembers over a restart", async () => {
    const { ledger, restart } = await scene(open);
    await ledger.accept(arrival({ id: "one", ...repeat }));
    const reopened = await restart();
    expect(await reopened.accept(arrival({ id: "two", ...repeat }))).toMatchObject({ event: "evt_one" });
  });
}
