import { onTestFinished } from "vitest";
import type { Delivery } from "../../src/ledger/ledger.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite/open.ts";

export interface RecordOf {
  /** The ids of the stored events, oldest first. */
  readonly events: readonly string[];
  readonly deliveries: readonly Delivery[];
}

/** What a ledger's file says, read beside a relay that may be running on it. */
export async function recordOf(file: string): Promise<RecordOf> {
  const ledger = await openSqliteLedger({ file, now: Date.now, mode: "beside" });
  onTestFinished(() => ledger.close());
  const events = await ledger.events({ limit: 100_000 });
  const deliveries = await ledger.deliveries({ limit: 100_000 });
  await ledger.close();
  return { events: events.map(({ event }) => event.id).toReversed(), deliveries };
}
