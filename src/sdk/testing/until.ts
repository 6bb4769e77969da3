import { setTimeout as sleep } from "node:timers/promises";

const STEP_MS = 5;

/** Whether a condition comes true before patience ends. */
export async function comesTrue(condition: () => boolean, patienceMs = 3_000): Promise<boolean> {
  const end = performance.now() + patienceMs;
  while (!condition()) {
    if (performance.now() > end) return false;
    await sleep(STEP_MS);
  }
  return true;
}
