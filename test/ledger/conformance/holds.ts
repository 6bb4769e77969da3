import { expect, test } from "vitest";
import type { Hold } from "../../../src/ledger/ledger.ts";
import { MINUTE, START } from "../samples.ts";
import { scene, type OpenLedger } from "../scene.ts";

const paused: Hold = { sink: "crm", by: "person", kind: "paused", reason: "stocktaking", since: START, until: null };
const limited: Hold = {
  sink: "crm",
  by: "relay",
  kind: "rate-limited",
  reason: "HTTP 429",
  since: START,
  until: START + MINUTE,
};

export function holdCases(open: OpenLedger): void {
  test("keeps one hold by a person and one by the relay for a sink, over a restart", async () => {
    const { ledger, restart } = await scene(open);
    const elsewhere = { ...paused, sink: "chat" };
    await Promise.all([ledger.hold(paused), ledger.hold(limited), ledger.hold(elsewhere)]);
    const holds = await (await restart()).holds();
    expect(holds).toHaveLength(3);
    expect(holds).toEqual(expect.arrayContaining([paused, limited, elsewhere]));
  });

  test("replaces the hold of the same hand", async () => {
    const { ledger } = await scene(open);
    await ledger.hold(limited);
    const failing: Hold = { ...limited, kind: "unavailable", until: START + 2 * MINUTE };
    await ledger.hold(failing);
    expect(await ledger.holds()).toEqual([failing]);
  });

  test("lifts the hold of one hand and leaves the other's", async () => {
    const { ledger } = await scene(open);
    await ledger.hold(paused);
    await ledger.hold(limited);
    expect(await ledger.lift("crm", "relay")).toBe(true);
    expect(await ledger.holds()).toEqual([paused]);
    expect(await ledger.lift("crm", "relay")).toBe(false);
    expect(await ledger.lift("unknown", "person")).toBe(false);
  });

  test("gives turns in a lane at the sink's rate", async () => {
    const { ledger } = await scene(open);
    const rate = { count: 1, perMs: 10 * MINUTE };
    expect(await ledger.turn("crm", "a", rate)).toBe(0);
    expect(await ledger.turn("crm", "b", rate)).toBe(0);
    expect(await ledger.turn("chat", "a", rate)).toBe(0);
    const waits = [await ledger.turn("crm", "a", rate), await ledger.turn("crm", "a", rate)];
    expect(waits.map((ms) => Math.round(ms / MINUTE))).toEqual([10, 20]);
  });

  test("lets one second's worth of turns through at once", async () => {
    const { ledger } = await scene(open);
    const rate = { count: 3, perMs: 1_000 };
    const waits = [1, 2, 3].map(() => ledger.turn("crm", "", rate));
    expect(await Promise.all(waits)).toEqual([0, 0, 0]);
    expect(await ledger.turn("crm", "", rate)).toBeGreaterThan(0);
  });

  test("gives a lock to a relay that has it already, and gives it back", async () => {
    const { ledger } = await scene(open);
    expect(await ledger.lock("sheet")).toBe(true);
    expect(await ledger.lock("sheet")).toBe(true);
    await ledger.unlock("sheet");
    await ledger.unlock("sheet");
    expect(await ledger.lock("sheet")).toBe(true);
  });

  test("keeps the first secret generated for a source", async () => {
    const { ledger, restart } = await scene(open);
    expect(await ledger.secret("cal", "candidate-1")).toBe("candidate-1");
    expect(await ledger.secret("cal", "candidate-2")).toBe("candidate-1");
    expect(await ledger.secret("other", "candidate-3")).toBe("candidate-3");
    expect(await (await restart()).secret("cal", "candidate-4")).toBe("candidate-1");
  });

  test("gives two that ask for a secret at once the same one", async () => {
    const { ledger } = await scene(open);
    const [first, second] = await Promise.all(["one", "two"].map((candidate) => ledger.secret("cal", candidate)));
    expect(first).toBe(second);
  });
}
