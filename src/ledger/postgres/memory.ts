import { z } from "zod";
import { isOlder } from "../../event.ts";
import * as rows from "../rows.ts";
import { bookOf } from "./book.ts";
import type { Transaction } from "./database.ts";
import { enqueue } from "./enqueue.ts";
import { insert } from "./insert.ts";
import { isOfLost, type Moved, type Settling } from "./moved.ts";
import type { Wake } from "./wake.ts";

/** What a sink keeps of a target and booking, as it is stored: JSON, `value` being `null` in JSON where it keeps nothing. */
interface Kept {
  readonly target: string;
  readonly value: string;
  readonly applied: string | null;
}

/** Keeps what settlements tell of memory and of what is applied: what is undefined stays as it is. */
export async function remember(tx: Transaction, settlings: readonly Moved[], now: number, wake: Wake): Promise<void> {
  const telling = settlings.filter(
    ({ settlement: { memory, applied } }) => memory !== undefined || applied !== undefined,
  );
  // What a sink did for a key that has been lost meanwhile is not the booking's only thing there, maybe.
  const ofLost = telling.filter(isOfLost);
  await write(
    tx,
    telling.filter((one) => !isOfLost(one)),
  );
  for (const { claim, settlement, key } of ofLost) {
    const kept = {
      target: claim.delivery.target,
      value: JSON.stringify(settlement.memory ?? null),
      applied: settlement.applied === undefined ? null : JSON.stringify(settlement.applied),
    };
    await handOver(tx, kept, key, now, wake);
  }
}

async function write(tx: Transaction, settlings: readonly Settling[]): Promise<void> {
  const isTold = ({ settlement }: Settling): boolean => settlement.memory !== undefined;
  const keepApplied = "applied = coalesce(excluded.applied, m.applied)";
  await writeRows(tx, settlings.filter(isTold), `value = excluded.value, ${keepApplied}`);
  await writeRows(
    tx,
    settlings.filter((one) => !isTold(one)),
    keepApplied,
  );
}

async function writeRows(tx: Transaction, settlings: readonly Settling[], update: string): Promise<void> {
  const told = settlings.map(({ claim: { delivery }, settlement: { memory, applied } }) => ({
    target: delivery.target,
    booking_key: delivery.bookingKey,
    value: JSON.stringify(memory ?? null),
    applied: applied === undefined ? null : JSON.stringify(applied),
  }));
  await insert(tx, { ...MEMORY, conflict: `ON CONFLICT (booking_key, target) DO UPDATE SET ${update}` }, told);
}

const MEMORY = {
  table: "cal_relay.memory AS m",
  columns: { target: "text", booking_key: "text", value: "text", applied: "text" },
} as const;

/**
 * Gives what a sink kept of a lost key to the one that stays, which keeps its own where it has any: later events go on with the thing that
 * exists. A view that is newer than what the key that stays has brought to the target is delivered again, under that key.
 */
export async function handOver(tx: Transaction, kept: Kept, key: string, now: number, wake: Wake): Promise<void> {
  const { target, value, applied } = kept;
  const own = (await memoryOf(tx, key)).find((one) => one.target === target);
  await tx.run(
    `INSERT INTO cal_relay.memory AS m (target, booking_key, value, applied) VALUES ($1, $2, $3, $4)
     ON CONFLICT (booking_key, target) DO UPDATE SET
       value = CASE WHEN m.value = 'null' THEN excluded.value ELSE m.value END, applied = coalesce(m.applied, excluded.applied)`,
    target,
    key,
    value,
    applied,
  );
  const brought = rows.applied.parse(applied);
  const newest = rows.applied.parse(own?.applied ?? null);
  if (brought === null || (newest !== null && !isOlder(newest.recency, brought.recency))) return;
  await deliverAgain(tx, brought.event, target, key, now, wake);
}

/** Nothing where the event or its delivery has been swept. */
async function deliverAgain(
  tx: Transaction,
  event: string,
  target: string,
  key: string,
  now: number,
  wake: Wake,
): Promise<void> {
  const [row] = await tx.rows(
    `SELECT e.id, e.trigger, e.received_at AS "receivedAt", d.route, d.sink,
            (SELECT count(*) FROM cal_relay.deliveries AS s WHERE s.event = e.id) AS stored
     FROM cal_relay.events AS e JOIN cal_relay.deliveries AS d ON d.event = e.id WHERE e.id = $1 AND d.target = $2 LIMIT 1`,
    event,
    target,
  );
  if (row === undefined) return;
  const { route, sink, stored, ...origin } = again.parse(row);
  const addition = { origin: { ...origin, bookingKey: key }, deliveries: [{ route, target, sink }], from: stored + 1 };
  await enqueue(tx, [addition], await bookOf(tx, [key]), now, null, wake);
}

export async function memoryOf(tx: Transaction, key: string): Promise<Kept[]> {
  const found = await tx.rows("SELECT target, value, applied FROM cal_relay.memory WHERE booking_key = $1", key);
  return found.map((row) => kept.parse(row));
}

const kept: z.ZodType<Kept> = z.object({ target: z.string(), value: z.string(), applied: z.string().nullable() });
const again = z.object({
  id: z.string(),
  trigger: z.string().nullable(),
  receivedAt: z.number(),
  route: z.string(),
  sink: z.string(),
  stored: z.number(),
});
