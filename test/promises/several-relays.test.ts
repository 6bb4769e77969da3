import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startPostgres } from "../support/postgres/server.ts";
import { FAULTS } from "../torture/faults.ts";
import { sharedBreaches, tortureShared } from "../torture/shared.ts";

// `npm run torture -- --storage postgres --relays 3 --cycles 200` is the same, longer, and prints what it counted.

test(
  "three relays on one database, killed, stopped and cut off: lose nothing acknowledged, keep each booking's order",
  { timeout: 400_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "cal-relay-torture-postgres-"));
    const server = await startPostgres({ folder, durable: true });
    onTestFinished(async () => {
      await server.stop("immediate");
      rmSync(folder, { recursive: true, force: true });
    });
    const seed = Date.now() % 1_000_000;
    const plan = FAULTS;
    const report = await tortureShared({ server, relays: 3, cycles: plan.length, plan, seed, say: () => undefined });
    expect({ seed, breaches: sharedBreaches(report) }).toEqual({ seed, breaches: [] });
    expect(report.acknowledged).toBeGreaterThan(100);
  },
);
