import { setTimeout as sleep } from "node:timers/promises";
import type { RunningRelay } from "../support/process.ts";
import { openArena, type Equipment } from "./arena.ts";
import { countTargets, type TargetCount } from "./count.ts";
import { postUntilKilled } from "./cycle.ts";
import { createTraps, MOMENTS, type Moment } from "./kills.ts";
import { seeded } from "./random.ts";
import { Sender } from "./sender.ts";

export interface LaneOptions {
  readonly equipment: Equipment;
  readonly seed: number;
  /** False once enough were killed. */
  readonly takeCycle: () => boolean;
}

export interface KillCount {
  cycles: number;
  /** Webhooks that were found stored though the relay had not lived to answer them: the moment was hit. */
  storedUnanswered: number;
}

/** What came of one ledger. */
export interface LaneReport {
  readonly kills: Readonly<Record<Moment, KillCount>>;
  /** Requests. */
  readonly posted: number;
  /** Events that were answered for. */
  readonly acknowledged: number;
  /** Webhooks that became two events. */
  readonly acceptedTwice: number;
  /** Deliveries, by their last state. */
  readonly deliveries: Readonly<Record<string, number>>;
  readonly targets: readonly TargetCount[];
}

/** Starts, posts to and kills relays on one ledger, one after the other, lets a last one finish, and counts. Leaves nothing behind. */
export async function runLane({ equipment, seed, takeCycle }: LaneOptions): Promise<LaneReport> {
  const random = seeded(seed);
  await using arena = await openArena(equipment);
  await using traps = createTraps(arena, random);
  const sender = new Sender(random);
  const kills = eachMoment(() => ({ cycles: 0, storedUnanswered: 0 }));
  let last: Moment = "random";

  async function startNext(): Promise<RunningRelay> {
    const relay = await arena.start();
    kills[last].storedUnanswered += await sender.postUnanswered(relay);
    return relay;
  }

  for (let cycle = 0; takeCycle(); cycle++) {
    const wanted = momentOf(cycle, WORST[equipment]);
    last = await postUntilKilled(await startNext(), wanted, { sender, random, setTrap: traps.set });
    kills[last].cycles += 1;
  }

  const relay = await startNext();
  const deliveries = await drain(relay);
  const { code, stderr } = await relay.end("SIGTERM");
  if (code !== 0) throw new Error(`the last relay ended with ${code}: ${stderr}`);
  const acknowledged = sender.acknowledged();
  const targets = countTargets(arena, acknowledged, sender.newest);
  const { posts: posted, acceptedTwice } = sender;
  return { kills, posted, acknowledged: acknowledged.length, acceptedTwice, deliveries, targets };
}

export function eachMoment<T>(make: (moment: Moment) => T): Record<Moment, T> {
  return Object.fromEntries(MOMENTS.map((moment) => [moment, make(moment)])) as Record<Moment, T>;
}

const WORST: Readonly<Record<Equipment, readonly Moment[]>> = {
  full: MOMENTS.filter((moment) => moment !== "random"),
  light: ["commit", "own", "webhook"],
};

/** Every other kill comes at a random moment, those between take turns over the worst ones. */
function momentOf(cycle: number, worst: readonly Moment[]): Moment {
  return cycle % 2 === 0 ? "random" : (worst[((cycle - 1) / 2) % worst.length] ?? "random");
}

const STALLED_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** Waits until everything is settled, and counts it by state. Throws when nothing moves any more. */
async function drain(relay: RunningRelay): Promise<Record<string, number>> {
  let least = Infinity;
  let movedAt = performance.now();
  while (true) {
    const deliveries = await byState(relay);
    const open = (deliveries["waiting"] ?? 0) + (deliveries["running"] ?? 0);
    if (open === 0) return deliveries;
    if (open < least) movedAt = performance.now();
    least = Math.min(least, open);
    if (performance.now() - movedAt > STALLED_MS) throw new Error(`${open} deliveries wait, and nothing moves`);
    await sleep(LOOK_EVERY_MS);
  }
}

async function byState(relay: RunningRelay): Promise<Record<string, number>> {
  const { text } = await relay.get("/metrics");
  const counts: Record<string, number> = {};
  for (const [, state = "", count] of text.matchAll(/^cal_relay_deliveries\{[^}]*state="(\w+)"[^}]*\} (\d+)$/gm))
    counts[state] = (counts[state] ?? 0) + Number(count);
  return counts;
}
