import type { PlannedDelivery } from "../arrival.ts";
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
  const added = new Map<string, number>();
  for (const [index, planned] of deliveries.entries()) {
    const { sink } = planned;
    const id = `dlv_${origin.id.replace(/^evt_/, "")}-${from + index}`;
    const before = added.get(sink) ?? 0;
    const isHead = before === 0 && !isQueued(store, sink, origin.bookingKey);
    insert(store, id, planned, isHead, origin, now);
    added.set(sink, before + 1);
    if (isHead) wake(sink);
  }
  for (const [sink, number] of added) count(store, sink, "waiting", number);
}

function isQueued(store: Store, sink: string, bookingKey: string): boolean {
  const row = store.get(
    `SELECT 1 FROM deliveries INDEXED BY deliveries_queue WHERE sink = ? AND booking_key = ? AND settled_at IS NULL LIMIT 1`,
    sink,
    bookingKey,
  );
  return row !== undefined;
}

/** `isHead`: it can be claimed at once, nothing of its booking being before it. */
function insert(
  store: Store,
  id: string,
  { route, target, sink }: PlannedDelivery,
  isHead: boolean,
  { id: event, trigger, receivedAt, bookingKey }: Origin,
  now: number,
): void {
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
}
