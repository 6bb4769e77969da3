import { randomUUID } from "node:crypto";
import type { PlannedDelivery } from "../arrival.ts";
import type { Book } from "./book.ts";
import { count } from "./count.ts";
import type { Transaction } from "./database.ts";
import { insert } from "./insert.ts";
import type { Jobs } from "./jobs.ts";
import { indexed } from "./text.ts";
import type { Wake } from "./wake.ts";

/** The stored event that deliveries are made of. */
export interface Origin {
  readonly id: string;
  readonly trigger: string | null;
  readonly receivedAt: number;
  readonly bookingKey: string;
}

/** An event's deliveries; the first one takes place `from`. */
export interface Enqueued {
  readonly origin: Origin;
  readonly deliveries: readonly PlannedDelivery[];
  readonly from: number;
}

/**
 * Adds deliveries at the end of their queues, due now. The heads among them are handed to pg-boss where it has room for them and nothing
 * else is in line; `jobs` null: not at all, a claim will see to it.
 */
export async function enqueue(
  tx: Transaction,
  additions: readonly Enqueued[],
  book: Book,
  now: number,
  jobs: Jobs | null,
  wake: Wake,
): Promise<void> {
  const added = additions.flatMap(({ origin, deliveries, from }) =>
    deliveries.map(({ route, target, sink }, at) => {
      const head = !book.isQueued(sink, origin.bookingKey);
      book.queue(sink, origin.bookingKey);
      const id = `dlv_${origin.id.replace(/^evt_/, "")}-${from + at}`;
      const { trigger } = origin;
      return {
        id,
        event: origin.id,
        trigger: trigger === null ? null : indexed(trigger),
        route,
        target,
        sink,
        booking_key: origin.bookingKey,
        state: "waiting",
        head,
        due_at: now,
        accepted_at: origin.receivedAt,
      };
    }),
  );
  const heads = added.filter(({ head }) => head);
  const handed = jobs === null ? new Map<string, string>() : await handOver(tx, jobs, heads, now);
  await insert(
    tx,
    DELIVERIES,
    added.map((one) => ({ ...one, job: handed.get(one.id) ?? null })),
  );
  await count(
    tx,
    added.map(({ sink }) => ({ sink, state: "waiting", change: 1 })),
  );
  for (const { sink } of heads) wake(sink);
}

const DELIVERIES = {
  table: "cal_relay.deliveries",
  columns: {
    id: "text",
    event: "text",
    trigger: "text",
    route: "text",
    target: "text",
    sink: "text",
    booking_key: "text",
    state: "text",
    head: "boolean",
    job: "uuid",
    due_at: "float8",
    accepted_at: "float8",
  },
} as const;

/** The jobs of those deliveries that got one, by delivery. */
async function handOver(
  tx: Transaction,
  jobs: Jobs,
  heads: readonly { readonly id: string; readonly sink: string; readonly booking_key: string }[],
  now: number,
): Promise<Map<string, string>> {
  const handed = new Map<string, string>();
  if (heads.length === 0) return handed;
  const bySink = Map.groupBy(heads, ({ sink }) => sink);
  const room = await jobs.room(tx, [...bySink.keys()], now);
  for (const [sink, waiting] of bySink) {
    const fitting = waiting.slice(0, room.get(sink) ?? 0).map((one) => ({ ...one, job: randomUUID() }));
    for (const { id, job } of fitting) handed.set(id, job);
    await jobs.insert(
      tx,
      sink,
      fitting.map(({ job, booking_key: bookingKey }) => ({ job, bookingKey, dueAt: now })),
    );
  }
  return handed;
}
