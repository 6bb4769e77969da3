import { z } from "zod";
import type { Acceptance, Arrival, Decision } from "../arrival.ts";
import { storedColumns } from "../stored-event.ts";
import { bookOf } from "./book.ts";
import type { Transaction } from "./database.ts";
import { enqueue } from "./enqueue.ts";
import { insert } from "./insert.ts";
import type { Jobs } from "./jobs.ts";
import { knownKeys, uidsOf } from "./keys.ts";
import { arrivalLock, type Lock } from "./locks.ts";
import { indexed } from "./text.ts";
import { unite } from "./unite.ts";
import type { Wake } from "./wake.ts";

/** An arrival that is accepted, until it is written. */
interface Accepted {
  readonly arrival: Arrival;
  readonly key: string;
  readonly decision: Decision;
}

/**
 * Stores arrivals as the contract says, one after the other, in few statements for all. What is written waits until it has to be read again:
 * at the end, or before bookings are united, which is seldom. Call under `locksOf` each of them.
 */
export async function accept(
  tx: Transaction,
  arrivals: readonly Arrival[],
  now: number,
  jobs: Jobs,
  wake: Wake,
): Promise<Acceptance[]> {
  const firsts = await findFirsts(tx, arrivals);
  const keys = await knownKeys(tx, arrivals);
  let book = await bookOf(tx, [...keys.values()]);
  let accepted: Accepted[] = [];
  let aliases = new Map<string, string>();
  const kept = new Map<string, { readonly id: string; readonly receivedAt: number }>();

  async function write(): Promise<void> {
    await writeAliases(tx, aliases);
    await writeEvents(tx, accepted);
    await book.write(tx);
    await enqueue(
      tx,
      accepted.map(({ arrival, key, decision }) => ({
        origin: { id: arrival.id, trigger: arrival.trigger, receivedAt: arrival.receivedAt, bookingKey: key },
        deliveries: decision.deliveries,
        from: 1,
      })),
      book,
      now,
      jobs,
      wake,
    );
    [accepted, aliases] = [[], new Map()];
  }

  async function keyOf(arrival: Arrival): Promise<string> {
    if (arrival.identity === null) return indexed(arrival.id);
    const uids = uidsOf(arrival.identity);
    const met = [...new Set(uids.map((uid) => keys.get(uid)))].filter((key) => key !== undefined);
    const [first] = met;
    const key = met.length > 1 ? await uniteKeys(arrival, met) : (first ?? uids[0] ?? arrival.id);
    for (const uid of uids.filter((one) => !keys.has(one))) {
      keys.set(uid, key);
      aliases.set(uid, key);
    }
    return key;
  }

  async function uniteKeys(arrival: Arrival, met: readonly string[]): Promise<string> {
    await write();
    const key = await unite(tx, met, (one, other) => arrival.unite(one, other), now, wake);
    for (const [uid, known] of keys) if (met.includes(known)) keys.set(uid, key);
    book = await bookOf(tx, [...keys.values()]);
    return key;
  }

  const acceptances: Acceptance[] = [];
  for (const arrival of arrivals) {
    const first = firsts.get(arrival) ?? firstOf(kept, arrival);
    if (first !== undefined) {
      acceptances.push({ status: "duplicate", event: first });
      continue;
    }
    const key = await keyOf(arrival);
    const decision = arrival.decide(key, book.known(key));
    if (decision.known !== null) book.learn(key, decision.known);
    accepted.push({ arrival, key, decision });
    const [repeat] = repeatsOf(arrival);
    if (repeat !== undefined) kept.set(repeat, arrival);
    acceptances.push({ status: "accepted", event: arrival.id, deliveries: decision.deliveries.length });
  }
  await write();
  return acceptances;
}

/** The keys of an event as they are kept and looked up: with its source. */
function repeatsOf({ source, duplicateKeys }: Arrival): string[] {
  return duplicateKeys.map((key) => `${source} ${indexed(key)}`);
}

/** The locks that accepting an arrival takes: on what it may have in common with another of the same event, or of the same booking. */
export function locksOf(arrival: Arrival): Lock[] {
  const { identity } = arrival;
  const names = identity === null ? repeatsOf(arrival) : [...repeatsOf(arrival), ...uidsOf(identity)];
  return names.map(arrivalLock);
}

const found = z.object({ place: z.number(), id: z.string() });

/** The stored events that these repeat. */
async function findFirsts(tx: Transaction, arrivals: readonly Arrival[]): Promise<Map<Arrival, string>> {
  const wanted = arrivals.flatMap((arrival) => repeatsOf(arrival).map((key) => ({ arrival, key })));
  if (wanted.length === 0) return new Map();
  const rows = await tx.rows(
    `SELECT DISTINCT ON (place) place, e.id
     FROM unnest($1::text[], $2::float8[]) WITH ORDINALITY AS wanted (key, since, place)
     JOIN cal_relay.events AS e ON e.duplicate_key = wanted.key AND e.received_at >= wanted.since
     ORDER BY place DESC, e.received_at`,
    wanted.map(({ key }) => key),
    wanted.map(({ arrival: { receivedAt, dedupeMs } }) => receivedAt - dedupeMs),
  );
  // The first of an arrival's keys comes last, and stays.
  return new Map(
    rows.flatMap((row) => {
      const { place, id } = found.parse(row);
      const at = wanted[place - 1];
      return at === undefined ? [] : [[at.arrival, id] as const];
    }),
  );
}

/** The same among those accepted just before, of which the first key alone is kept. */
function firstOf(
  kept: ReadonlyMap<string, { readonly id: string; readonly receivedAt: number }>,
  arrival: Arrival,
): string | undefined {
  const repeated = repeatsOf(arrival)
    .map((key) => kept.get(key))
    .find((one) => one !== undefined);
  return repeated !== undefined && repeated.receivedAt >= arrival.receivedAt - arrival.dedupeMs
    ? repeated.id
    : undefined;
}

const ALIASES = { table: "cal_relay.aliases", columns: { uid: "text", booking_key: "text" } } as const;

async function writeAliases(tx: Transaction, aliases: ReadonlyMap<string, string>): Promise<void> {
  const rows = [...aliases].map(([uid, key]) => ({ uid, booking_key: key }));
  await insert(tx, ALIASES, rows);
}

const EVENTS = {
  table: "cal_relay.events",
  columns: {
    id: "text",
    source: "text",
    trigger: "text",
    received_at: "float8",
    booking_key: "text",
    duplicate_key: "text",
    verdicts: "text",
    event: "text",
    body: "text",
  },
} as const;

async function writeEvents(tx: Transaction, accepted: readonly Accepted[]): Promise<void> {
  const rows = accepted.map(({ arrival, key, decision }) => ({
    id: arrival.id,
    source: arrival.source,
    trigger: arrival.trigger === null ? null : indexed(arrival.trigger),
    received_at: arrival.receivedAt,
    booking_key: key,
    duplicate_key: repeatsOf(arrival)[0] ?? null,
    verdicts: JSON.stringify(decision.verdicts),
    ...storedColumns(decision.event),
  }));
  await insert(tx, EVENTS, rows);
}
