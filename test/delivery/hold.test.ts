import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createHolds, type Holds } from "../../src/delivery/hold.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite/open.ts";
import { createLog } from "../../src/observe/log.ts";
import { createMask } from "../../src/observe/mask.ts";
import { tempFolder } from "../support/temp.ts";

interface Bench {
  readonly ledger: Ledger;
  readonly holds: Holds;
  readonly lines: readonly string[];
  now: number;
}

async function bench(wrap = (ledger: Ledger): Ledger => ledger): Promise<Bench> {
  const clock = { now: 1_000 };
  const now = (): number => clock.now;
  const ledger = await openSqliteLedger({ file: join(tempFolder(), "relay.db"), now, mode: "relay" });
  onTestFinished(() => ledger.close());
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLog({ level: "debug", mask: createMask([]), destination });
  return Object.assign(clock, { ledger, lines, holds: await createHolds({ ledger: wrap(ledger), log, now }) });
}

const limited = (until: number) => ({ kind: "rate-limited", reason: "HTTP 429", since: 1_000, until }) as const;
const broken = (until: number) => ({ kind: "misconfigured", reason: "no scope", since: 1_000, until }) as const;

test("of two waits asked for at the same time the longer stands", async () => {
  const { holds, ledger } = await bench();
  await Promise.all([holds.hold("team", limited(9_000)), holds.hold("team", limited(2_000))]);
  expect(await ledger.holds()).toMatchObject([limited(9_000)]);
});

test.each([
  ["before", [broken(5_000), limited(9_000)]],
  ["after", [limited(9_000), broken(5_000)]],
] as const)("a sink that needs attention goes on needing it with a rate limit %s it", async (_when, both) => {
  const { holds, ledger } = await bench();
  for (const hold of both) await holds.hold("team", hold);
  expect(await ledger.holds()).toMatchObject([{ kind: "misconfigured", reason: "no scope", until: 9_000 }]);
});

test("a try that began before the hold does not lift it, one that began after it does", async () => {
  const { holds, ledger } = await bench();
  await holds.hold("team", broken(5_000));
  await holds.lift("team", 999);
  expect(await ledger.holds()).toHaveLength(1);
  await holds.lift("team", 1_001);
  expect(await ledger.holds()).toEqual([]);
});

test("a vendor's wait is lifted by nothing but its end", async () => {
  const relay = await bench();
  await relay.holds.hold("team", limited(5_000));
  await relay.holds.lift("team", 2_000);
  expect(relay.holds.access("team")).toEqual({ state: "held", until: 5_000 });
  relay.now = 5_000;
  expect(relay.holds.access("team")).toEqual({ state: "open" });
  await relay.holds.lift("team", 5_000);
  expect(await relay.ledger.holds()).toEqual([]);
});

test("a person's pause stands whatever becomes of the relay's hold", async () => {
  const relay = await bench();
  await relay.ledger.hold({ sink: "team", by: "person", kind: "paused", reason: "", since: 0, until: null });
  await relay.holds.hold("team", broken(5_000));
  relay.now = 6_000;
  expect(relay.holds.access("team")).toEqual({ state: "held", until: null });
  await relay.holds.lift("team", 6_000);
  expect(relay.holds.access("team")).toEqual({ state: "held", until: null });
});

test("a hold made while the holds are being read is not forgotten", async () => {
  const gate = Promise.withResolvers<void>();
  let readings = 0;
  const { holds } = await bench((ledger) => ({
    ...ledger,
    async holds() {
      const seen = await ledger.holds();
      readings += 1;
      if (readings === 3) await gate.promise;
      return seen;
    },
  }));
  holds.refresh();
  const held = holds.hold("team", broken(5_000));
  gate.resolve();
  await held;
  expect(holds.access("team")).toEqual({ state: "held", until: 5_000 });
});

test("says in the log that a sink is held, and not why, which may quote what was sent", async () => {
  const { holds, lines } = await bench();
  await holds.hold("team", { ...broken(5_000), reason: "no column for guest@example.com" });
  await holds.hold("team", { ...broken(6_000), reason: "no column for guest@example.com" });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "warn", sink: "team", kind: "misconfigured" });
  expect(lines.join("")).not.toContain("guest@example.com");
});
