import type { TargetCount } from "./count.ts";
import { eachMoment, runLane, type LaneReport } from "./lane.ts";

export interface TortureOptions {
  /** Kills, altogether. */
  readonly cycles: number;
  /** Ledgers that are tortured at the same time: the first with targets of every kind, the others with what is quick to start. */
  readonly lanes: number;
  /** Repeats the choices; what the processes make of them is never quite the same. */
  readonly seed: number;
  /** Tells whoever waits how far it is. */
  readonly say: (progress: string) => void;
}

/** Everything that the lanes found, summed up. */
export interface Report extends LaneReport {
  readonly seed: number;
}

/** Kills relays with SIGKILL, `cycles` of them, and counts what came of what they had acknowledged. */
export async function torture({ cycles, lanes, seed, say }: TortureOptions): Promise<Report> {
  let taken = 0;
  function takeCycle(): boolean {
    if (taken === cycles) return false;
    say(`${(taken += 1)} of ${cycles} relays are killed`);
    return true;
  }
  const running = Array.from({ length: lanes }, (_, lane) =>
    runLane({ equipment: lane === 0 ? "full" : "light", seed: seed + lane, takeCycle }),
  );
  return { seed, ...(await Promise.all(running)).reduce(merge) };
}

function merge(one: LaneReport, other: LaneReport): LaneReport {
  const states = new Set([...Object.keys(one.deliveries), ...Object.keys(other.deliveries)]);
  return {
    kills: eachMoment((moment) => ({
      cycles: one.kills[moment].cycles + other.kills[moment].cycles,
      storedUnanswered: one.kills[moment].storedUnanswered + other.kills[moment].storedUnanswered,
    })),
    posted: one.posted + other.posted,
    acknowledged: one.acknowledged + other.acknowledged,
    acceptedTwice: one.acceptedTwice + other.acceptedTwice,
    deliveries: Object.fromEntries(
      [...states].map((state) => [state, (one.deliveries[state] ?? 0) + (other.deliveries[state] ?? 0)]),
    ),
    targets: one.targets.map((target) =>
      mergeTargets(
        target,
        other.targets.find((its) => its.target === target.target),
      ),
    ),
  };
}

function mergeTargets(one: TargetCount, other: TargetCount | undefined): TargetCount {
  return {
    ...one,
    there: one.there + (other?.there ?? 0),
    lost: one.lost + (other?.lost ?? 0),
    duplicates: one.duplicates + (other?.duplicates ?? 0),
  };
}
