import type { DeliveryState } from "../ledger.ts";
import type { Store } from "./store.ts";

/**
 * Keeps the table `backlog` by, so that asking for it costs the same with ten deliveries and with ten million. Call with every change of
 * state, but from and to `running`, which counts as waiting.
 */
export function count(store: Store, sink: string, state: DeliveryState, change: number): void {
  store.run(
    "INSERT INTO backlog VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
    sink,
    state === "running" ? "waiting" : state,
    change,
  );
}
