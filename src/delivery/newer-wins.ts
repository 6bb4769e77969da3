import { isOlder } from "../event.ts";
import type { Applied, Claim } from "../ledger/ledger.ts";
import type { SinkPlugin } from "../sdk/index.ts";

/** What a delivery means for a target that keeps one thing in step with its booking. */
export interface Standing {
  /** What was applied before and shows the booking as it was later. */
  readonly supersededBy: string | null;
  /** What is applied once this one is delivered; undefined where that says nothing. */
  readonly applied: Applied | undefined;
}

/**
 * Newer wins: such a target never goes back in time, in whatever order events come, and whoever puts an old delivery back: a person who
 * retries or replays one asks for it to be delivered, not for the row to be wrong. Two views that are equally recent are both delivered.
 */
export function standingOf({ event, applied }: Claim, plugin: SinkPlugin, message: unknown): Standing {
  const { id, recency } = event;
  const thing = plugin.keepsInStep?.(message) ?? null;
  if (recency === null || thing === null) return { supersededBy: null, applied: undefined };
  const isBehind = applied?.thing === thing && isOlder(recency, applied.recency);
  return { supersededBy: isBehind ? applied.event : null, applied: { thing, event: id, recency } };
}
