import { z } from "zod";
import { bucketOf, type Rate } from "../rate.ts";
import type { Database } from "./database.ts";
import { indexed } from "./text.ts";

/** A turn in the bucket that all relays share, by the database's clock. Returns how many milliseconds to wait for it. */
export async function turn(database: Database, sink: string, lane: string, rate: Rate): Promise<number> {
  const { spacingMs, burstMs } = bucketOf(rate);
  const [row] = await database.rows(
    `WITH clock AS MATERIALIZED (SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now)
     INSERT INTO cal_relay.lanes AS l (sink, lane, full_at) SELECT $1, $2, now + $3 FROM clock
     ON CONFLICT (sink, lane) DO UPDATE SET full_at = greatest(l.full_at + $3, excluded.full_at)
     RETURNING full_at - $3 - $4 - (SELECT now FROM clock) AS wait`,
    sink,
    indexed(lane),
    spacingMs,
    burstMs,
  );
  return Math.max(0, waiting.parse(row).wait);
}

const waiting = z.object({ wait: z.number() });

/** Buckets that are full again say nothing. */
export async function forgetLanes(database: Database): Promise<void> {
  await database.rows(
    "DELETE FROM cal_relay.lanes WHERE full_at < extract(epoch FROM clock_timestamp())::float8 * 1000",
  );
}
