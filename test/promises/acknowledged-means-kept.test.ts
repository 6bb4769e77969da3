import { expect, test } from "vitest";
import { MOMENTS } from "../torture/kills.ts";
import { breaches } from "../torture/report.ts";
import { torture } from "../torture/torture.ts";

// `npm run torture -- --cycles 500` is the same, longer, and prints what it counted.

test(
  "kill -9 at random moments and at the worst ones: loses nothing acknowledged, doubles nothing that is keyed",
  { timeout: 240_000 },
  async () => {
    const seed = Date.now() % 1_000_000;
    const report = await torture({ cycles: 20, lanes: 1, seed, say: () => undefined });
    expect({ seed, breaches: breaches(report) }).toEqual({ seed, breaches: [] });
    expect(report.acknowledged).toBeGreaterThan(20);
    // The kills came between a commit and its answers too.
    const stored = MOMENTS.map((moment) => report.kills[moment].storedUnanswered);
    expect(stored.reduce((sum, one) => sum + one)).toBeGreaterThan(0);
  },
);
