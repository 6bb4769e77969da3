import { z } from "zod";
import type { Arena } from "./arena.ts";
import { readLines } from "./count.ts";

const delivery = z.object({ id: z.string(), event: z.string(), sink: z.string(), booking: z.string() });

/**
 * How many deliveries arrived for the first time after a later one of their booking had, at the targets that keep every arrival in order. A
 * delivery that comes a second time is no disorder: it may have been unknown that it had come.
 */
export async function countDisorder(
  { lines, vendors }: Arena,
  query: (sql: string) => Promise<readonly unknown[]>,
): Promise<number> {
  const rows = await query(
    "SELECT id, event, sink, booking_key AS booking FROM cal_relay.deliveries WHERE sink IN ('file', 'own', 'webhook') ORDER BY seq",
  );
  const accepted = rows.map((row) => delivery.parse(row));
  const arrivals: Readonly<Record<string, readonly string[]>> = {
    file: readLines(lines.file).map(({ event }) => event),
    own: readLines(lines.own).map(({ event }) => event),
    webhook: vendors.receiver
      .received()
      .map(({ body }) => z.object({ event: z.string() }).parse(JSON.parse(body)).event),
  };
  let disorder = 0;
  for (const [sink, events] of Object.entries(arrivals)) {
    const firsts = new Map([...events.entries()].toReversed().map(([at, event]) => [event, at]));
    const queues = Map.groupBy(
      accepted.filter((one) => one.sink === sink),
      ({ booking }) => booking,
    );
    for (const queue of queues.values()) {
      const places = queue.map(({ event }) => firsts.get(event) ?? -1);
      disorder += places.filter((place, at) => at > 0 && place < Math.max(...places.slice(0, at))).length;
    }
  }
  return disorder;
}
