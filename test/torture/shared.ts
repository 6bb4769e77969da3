import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { PostgresServer } from "../support/postgres/server.ts";
import type { RunningRelay } from "../support/process.ts";
import { openArena, type Arena } from "./arena.ts";
import { countTargets } from "./count.ts";
import { FAULT_NAMES, FAULTS, inflict, LEASE_S, type Fault } from "./faults.ts";
import { createFleet, type Fleet } from "./fleet.ts";
import { countDisorder } from "./order.ts";
import { seeded, type Random } from "./random.ts";
import { breaches, findings, table, type Findings } from "./report.ts";
import { Sender } from "./sender.ts";

export interface SharedOptions {
  readonly server: PostgresServer;
  readonly cycles: number;
  readonly relays: number;
  readonly seed: number;
  /** What is done in each cycle; chosen at random where it says nothing. */
  readonly plan?: readonly Fault[];
  readonly say: (progress: string) => void;
}

export interface SharedReport extends Findings {
  readonly faults: Readonly<Record<Fault, number>>;
  /** Deliveries whose first arrival came after that of a later one of their booking and target. */
  readonly outOfOrder: number;
  readonly relays: number;
}

const DATABASE = "torture";
const CONNECTIONS = 6;
/** Webhooks of a cycle: enough that its fault comes in their midst. */
const POSTS = 18;

/** Does one fault after the other to relays on one database while webhooks come in, lets them finish, and counts. */
export async function tortureShared(options: SharedOptions): Promise<SharedReport> {
  const { server, cycles, relays, seed, say } = options;
  const random = seeded(seed);
  await server.query(`CREATE DATABASE ${DATABASE}`);
  await using arena = await openArena("full", `"${server.url(DATABASE)}?lease=${LEASE_S}s"`);
  // All at once, on an empty database.
  const started = await Promise.all(Array.from({ length: relays }, () => arena.start()));
  const fleet = createFleet(started, random);
  const sender = new Sender(random);
  const faults: Record<Fault, number> = { kill: 0, term: 0, stop: 0, cut: 0, restart: 0, crash: 0 };

  for (let cycle = 0; cycle < cycles; cycle++) {
    const fault = options.plan?.[cycle] ?? pickFault(random);
    say(`${cycle + 1} of ${cycles}: ${FAULT_NAMES[fault]}`);
    const done = inflict(fault, { arena, fleet, server, random });
    await Promise.all([done, postThrough(done, fleet, sender)]);
    faults[fault] += 1;
    for (const relay of fleet.all()) await expectRunning(relay);
  }

  say("what is left is delivered");
  await settleAll(fleet, sender);
  await drain(server);
  const ends = await Promise.all(fleet.all().map((relay) => relay.end("SIGTERM")));
  for (const { code, stderr } of ends) if (code !== 0) throw new Error(`a relay ended with ${code}: ${stderr}`);
  return await report(arena, sender, { faults, relays, seed, server });
}

/** A relay ends only when it is ended. */
async function expectRunning(relay: RunningRelay): Promise<void> {
  const ended = await Promise.race([relay.over, Promise.resolve(null)]);
  if (ended !== null)
    throw new Error(`a relay ended by itself, with ${ended.code}: ${ended.stderr}\n${ended.stdout.slice(-2_000)}`);
}

/** Half of all faults are kills; a relay that is stopped takes long. */
const FREQUENCY: readonly Fault[] = [
  ...Array.from({ length: 9 }, () => "kill" as const),
  ...(["term", "term", "cut", "cut", "cut", "restart", "restart", "crash", "crash", "stop"] as const),
];

function pickFault(random: Random): Fault {
  return FREQUENCY[random.upTo(FREQUENCY.length) - 1] ?? "kill";
}

/** Posts over several connections, more slowly once enough has been posted, until the fault is over. */
async function postThrough(fault: Promise<void>, fleet: Fleet, sender: Sender): Promise<void> {
  const over = new AbortController();
  let left = POSTS;
  const ended = fault.finally(() => over.abort());
  async function postOn(): Promise<void> {
    while (left > 0 || !over.signal.aborted) {
      left -= 1;
      await sender.post(fleet).catch(expectCut);
      if (left <= 0) await Promise.race([ended, sleep(250)]);
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, postOn));
}

/** A webhook without an answer is posted again later, as a person would from Cal.com's list. */
function expectCut(error: unknown): void {
  if (!(error instanceof TypeError)) throw error;
}

async function settleAll(fleet: Fleet, sender: Sender): Promise<void> {
  const end = performance.now() + STALLED_MS;
  for (;;) {
    try {
      await sender.postUnanswered(fleet);
      return;
    } catch (error) {
      expectCut(error);
      if (performance.now() > end) throw error;
      await sleep(500);
    }
  }
}

const STALLED_MS = 90_000;
const counted = z.object({ open: z.number() });

async function drain(server: PostgresServer): Promise<void> {
  let least = Infinity;
  let movedAt = performance.now();
  for (;;) {
    const [row] = await server.query(
      "SELECT count(*)::int AS open FROM cal_relay.deliveries WHERE settled_at IS NULL",
      DATABASE,
    );
    const { open } = counted.parse(row);
    if (open === 0) return;
    if (open < least) movedAt = performance.now();
    least = Math.min(least, open);
    if (performance.now() - movedAt > STALLED_MS) throw new Error(`${open} deliveries wait, and nothing moves`);
    await sleep(200);
  }
}

const stateRow = z.object({ state: z.string(), count: z.number() });

async function report(
  arena: Arena,
  sender: Sender,
  { server, ...told }: Pick<SharedReport, "faults" | "relays" | "seed"> & { readonly server: PostgresServer },
): Promise<SharedReport> {
  const states = await server.query(
    "SELECT state, count(*)::int AS count FROM cal_relay.deliveries GROUP BY state",
    DATABASE,
  );
  const acknowledged = sender.acknowledged();
  return {
    ...told,
    posted: sender.posts,
    acknowledged: acknowledged.length,
    acceptedTwice: sender.acceptedTwice,
    outOfOrder: await countDisorder(arena, (sql) => server.query(sql, DATABASE)),
    deliveries: Object.fromEntries(states.map((row) => stateRow.parse(row)).map(({ state, count }) => [state, count])),
    targets: countTargets(arena, acknowledged, sender.newest),
  };
}

export function sharedBreaches(found: SharedReport): readonly string[] {
  return [...breaches(found), ...(found.outOfOrder > 0 ? [`${found.outOfOrder} deliveries out of order`] : [])];
}

export function sharedTables(found: SharedReport): string {
  const rows = FAULTS.map((fault) => [FAULT_NAMES[fault], found.faults[fault]]);
  return [
    table([[`${found.relays} relays on one PostgreSQL`, "cycles"], ...rows]),
    ...findings(found, [["deliveries out of order", `${found.outOfOrder} (must be 0)`]]),
  ].join("\n\n");
}
