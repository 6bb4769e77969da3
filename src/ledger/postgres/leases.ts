import type { Keeping, Lease } from "../ledger.ts";

export interface LeaseOptions {
  /** How long one holds after it was last renewed. */
  readonly leaseMs: number;
  /** Milliseconds that never jump, and go on while the process sleeps. */
  readonly steady: () => number;
  /** Renews those of a sink; returns the jobs that were still held. Rejects where the store cannot be asked. */
  readonly renew: (sink: string, jobs: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly onError: (error: unknown) => void;
}

/** What this relay has claimed and not yet settled. */
export interface Leases {
  /** `since`: when, by `steady`, the claim was begun. */
  keep(lease: Lease, job: string, since: number): Keeping;
  drop(lease: Lease): void;
  /** The store says that it is another's by now. */
  lose(lease: Lease): void;
  /** Stops renewing. Returns what was still held. */
  close(): readonly Held[];
}

export interface Held {
  readonly lease: Lease;
  readonly job: string;
}

interface Kept extends Held {
  readonly lost: AbortController;
  until: number;
}

/** The other side may see it end a little earlier: its clock and ours do not start at the same moment. */
const MARGIN_MS = 1_000;
const LOOK_MS = 500;

/** Renews leases three times in their length, and tells whoever works under one that could not be renewed that it is over. */
export function createLeases({ leaseMs, steady, renew, onError }: LeaseOptions): Leases {
  const kept = new Map<string, Kept>();
  let isRenewing = false;
  const renewing = setInterval(() => {
    if (!isRenewing) void renewAll();
  }, leaseMs / 3).unref();
  const looking = setInterval(() => {
    for (const one of kept.values()) isHeld(one);
  }, LOOK_MS).unref();

  function isHeld({ until, lost }: Kept): boolean {
    if (until <= steady()) lost.abort(new Error("the lease ended"));
    return !lost.signal.aborted;
  }

  async function renewAll(): Promise<void> {
    isRenewing = true;
    const bySink = Map.groupBy(kept.values(), ({ lease }) => lease.delivery.sink);
    try {
      await Promise.all([...bySink].map(([sink, ofSink]) => renewSome(sink, ofSink)));
    } catch (error) {
      onError(error);
    } finally {
      isRenewing = false;
    }
  }

  async function renewSome(sink: string, some: readonly Kept[]): Promise<void> {
    const since = steady();
    const held = await renew(
      sink,
      some.map(({ job }) => job),
    );
    for (const one of some) {
      if (held.has(one.job)) one.until = since + leaseMs - MARGIN_MS;
      // What was settled meanwhile is not in the store any more, and nobody's loss.
      else if (kept.has(nameOf(one.lease))) one.lost.abort(new Error("the lease was lost"));
    }
  }

  return {
    keep(lease, job, since) {
      const one: Kept = { lease, job, lost: new AbortController(), until: since + leaseMs - MARGIN_MS };
      kept.set(nameOf(lease), one);
      return { lost: one.lost.signal, isHeld: () => isHeld(one) };
    },
    drop: (lease) => void kept.delete(nameOf(lease)),
    lose(lease) {
      kept.get(nameOf(lease))?.lost.abort(new Error("the lease was lost"));
      kept.delete(nameOf(lease));
    },
    close() {
      clearInterval(renewing);
      clearInterval(looking);
      const held = [...kept.values()];
      kept.clear();
      return held;
    },
  };
}

function nameOf({ delivery, lease }: Lease): string {
  return `${delivery.id} ${lease}`;
}
