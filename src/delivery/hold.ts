import type { Hold, WorkLedger } from "../ledger/ledger.ts";
import { failureFields } from "../observe/failure.ts";
import type { Log } from "../observe/log.ts";

/** How a sink may be used right now. */
export type Access =
  | { readonly state: "open" }
  /** One delivery at a time, to see whether it works again. */
  | { readonly state: "probe"; readonly kind: Hold["kind"] }
  /** Not before `until`; null: not until someone lifts it. */
  | { readonly state: "held"; readonly until: number | null };

export interface Holds {
  access(sink: string): Access;
  /** Holds the sink by the relay's own hand, on top of what holds it already. */
  hold(sink: string, hold: Omit<Hold, "sink" | "by">): Promise<void>;
  /** The sink works: lifts the relay's hold, unless it is younger than the try that proved it or a vendor's wait is still running. */
  lift(sink: string, provedAt: number): Promise<void>;
  /** Reads the holds again: somebody else may have changed them. */
  refresh(): void;
  /** Lets every sink that was to be probed later be probed now: someone may have put it right. */
  probe(): Promise<void>;
  onChange(listener: (sink: string) => void): void;
}

export interface HoldOptions {
  readonly ledger: WorkLedger;
  readonly log: Log;
  readonly now: () => number;
}

/** The holds of the ledger, kept at hand. Starting counts as mending: a sink that was to be probed later is probed at once. */
export async function createHolds({ ledger, log, now }: HoldOptions): Promise<Holds> {
  const listeners: ((sink: string) => void)[] = [];
  let holds: readonly Hold[] = await ledger.holds();
  tellOfPeople([]);
  let isQueued = false;
  let last: Promise<unknown> = Promise.resolve();

  /** One at a time, so that no reading from before a change replaces one from after it. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  }

  async function read(): Promise<void> {
    const before = holds;
    holds = await ledger.holds();
    tellOfPeople(before);
    const changed = new Set([...before, ...holds].map(({ sink }) => sink));
    for (const sink of changed) for (const listener of listeners) listener(sink);
  }

  /** People hold and lift sinks by commands of their own: the relay's log is told by what it finds. */
  function tellOfPeople(before: readonly Hold[]): void {
    for (const { sink, kind, until } of holds.filter(isByPerson))
      if (!isPaused(before, sink)) log.warn({ sink, kind, until: timeOf(until) }, "sink held by a person");
    for (const { sink } of before.filter(isByPerson))
      if (!isPaused(holds, sink)) log.info({ sink }, "sink no longer held by a person");
  }

  function byRelay(sink: string): Hold | undefined {
    return holds.find((hold) => hold.sink === sink && hold.by === "relay");
  }

  function isProved(hold: Hold | undefined, provedAt: number): boolean {
    if (hold === undefined || provedAt < hold.since) return false;
    return hold.kind !== "rate-limited" || isOver(hold, now());
  }

  async function probe(): Promise<void> {
    for (const hold of holds) if (isProbed(hold)) await ledger.hold({ ...hold, until: now() });
    await read();
  }

  await probe();

  return {
    access(sink) {
      const mine = holds.filter((hold) => hold.sink === sink);
      const at = now();
      const closed = mine.find(({ until }) => until === null) ?? mine.find(({ until }) => until !== null && until > at);
      if (closed !== undefined) return { state: "held", until: closed.until };
      const probed = mine.find(isProbed);
      return probed === undefined ? { state: "open" } : { state: "probe", kind: probed.kind };
    },
    hold: (sink, hold) =>
      inTurn(async () => {
        const known = byRelay(sink);
        const next = merge(known === undefined || isOver(known, now()) ? undefined : known, {
          ...hold,
          sink,
          by: "relay",
        });
        await ledger.hold(next);
        // The reason may be a vendor's or a plugin's words: it is kept for `sinks` and stays out of the log.
        if (known?.kind !== next.kind) log.warn({ sink, kind: next.kind, until: timeOf(next.until) }, "sink held");
        await read();
      }),
    async lift(sink, provedAt) {
      if (!isProved(byRelay(sink), provedAt)) return;
      await inTurn(async () => {
        if (!isProved(byRelay(sink), provedAt)) return;
        await ledger.lift(sink, "relay");
        log.info({ sink }, "sink works again");
        await read();
      });
    },
    refresh() {
      if (isQueued) return;
      isQueued = true;
      inTurn(() => {
        isQueued = false;
        return read();
      }).catch((error: unknown) => log.error(failureFields(error), "the holds could not be read"));
    },
    probe: () =>
      inTurn(async () => {
        await read();
        await probe();
      }),
    onChange: (listener) => void listeners.push(listener),
  };
}

/** A vendor's wait ends by itself; every other hold until someone or something lifts it. */
export function isOver({ kind, until }: Hold, now: number): boolean {
  return kind === "rate-limited" && until !== null && until <= now;
}

function isByPerson({ by }: Hold): boolean {
  return by === "person";
}

function isPaused(holds: readonly Hold[], sink: string): boolean {
  return holds.some((hold) => hold.sink === sink && isByPerson(hold));
}

/** Ends with a try that works. */
function isProbed({ by, kind }: Hold): boolean {
  return by === "relay" && (kind === "misconfigured" || kind === "unavailable");
}

const GRAVITY: readonly Hold["kind"][] = ["rate-limited", "unavailable", "misconfigured", "paused"];

/** Several tries may fail at once, each in its own way: the gravest kind stands, from the first of them to the latest end. */
function merge(known: Hold | undefined, next: Hold): Hold {
  if (known === undefined) return next;
  const graver = GRAVITY.indexOf(next.kind) < GRAVITY.indexOf(known.kind) ? known : next;
  const until = known.until === null || next.until === null ? null : Math.max(known.until, next.until);
  return { ...graver, since: known.since, until };
}

function timeOf(until: number | null): string | null {
  return until === null ? null : new Date(until).toISOString();
}
