import type { PlannedDelivery } from "../ledger.ts";
import { count } from "./count.ts";
import type { Store } from "./store.ts";
import type { Wake } from "./writer.ts";

/** The stored event that deliveries are made of. */
export interface Origin {
  readonly id: string;
  readonly trigger: string | null;
  readonly receivedAt: number;
  readonly bookingKey: string;
}

/** Adds an event's deliveries at the end of their queues, due now; the first one takes place `from`. Runs inside a transaction. */
export function enqueue(
  store: Store,
  origin: Origin,
  deliveries: readonly PlannedDelivery[],
  from: number,
  now: number,
  wake: Wake,
): void {
  for (const [index, planned] of deliveries.entries()) {
    count(store, planned.sink, "waiting", 1);
    const id = `dlv_${origin.id.replace(/^evt_/, "")}-${from + index}`;
    if (insert(store, id, planned, origin, now)) wake(planned.sink);
  }
}

/** True when it can be claimed at once, nothing of its booking being before it. */
function insert(
  store: Store,
  id: string,
  { route, target, sink }: PlannedDelivery,
  { id: event, trigger, receivedAt, bookingKey }: Origin,
  now: number,
): boolean {
  const isHead =
    store.get(
      `SELECT 1 FROM deliveries INDEXED BY deliveries_queue WHERE sink = ? AND booking_key = ? AND settled_at IS NULL LIMIT 1`,
      sink,
      bookingKey,
    ) === undefined;
  store.run(
    `INSERT INTO deliveries (id, event, trigger, route, target, sink, booking_key, state, head, due_at, accepted_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?)`,
    id,
    event,
    trigger,
    route,
    target,
    sink,
    bookingKey,
    Number(isHead),
    now,
    receivedAt,
  );
  return isHead;
}
