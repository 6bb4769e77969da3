import type { Hold, Ledger } from "../ledger/ledger.ts";
import type { Log } from "../observe/log.ts";

/** How a sink may be used right now. */
export type Access =
  | { readonly state: "open" }
  /** One delivery at a time, to see whether it works again. */
  | { readonly state: "probe" }
  /** Not before `until`; null: not until someone lifts it. */
  | { readonly state: "held"; readonly until: number | null };

export interface Holds {
  access(sink: string): Access;
  /** Holds the sink by the relay's own hand. */
  hold(sink: string, hold: Omit<Hold, "sink" | "by">): Promise<void>;
  /** The sink works: lifts the relay's hold, unless a vendor's wait is still running. */
  lift(sink: string): Promise<void>;
  /** Reads the holds again: somebody else may have changed them. */
  refresh(): void;
  onChange(listener: (sink: string) => void): void;
}

export interface HoldOptions {
  readonly ledger: Ledger;
  readonly log: Log;
  now(): number;
}

/**
 * The holds of the ledger, kept at hand. Starting counts as mending: a sink that needed attention is probed at once, since whoever
 * restarted may have put it right.
 */
export async function createHolds({ ledger, log, now }: HoldOptions): Promise<Holds> {
  const listeners: ((sink: string) => void)[] = [];
  let holds: readonly Hold[] = [];
  let isQueued = false;
  let reading = Promise.resolve();

  async function read(): Promise<void> {
    const before = holds;
    holds = await ledger.holds();
    const changed = new Set([...before, ...holds].map(({ sink }) => sink));
    for (const sink of changed) for (const listener of listeners) listener(sink);
  }

  await read();
  for (const hold of holds) {
    if (hold.by === "relay" && hold.kind === "misconfigured") await ledger.hold({ ...hold, until: now() });
  }
  await read();

  return {
    access(sink) {
      const mine = holds.filter((hold) => hold.sink === sink);
      const at = now();
      const closed = mine.find(({ until }) => until === null) ?? mine.find(({ until }) => until !== null && until > at);
      if (closed !== undefined) return { state: "held", until: closed.until };
      return mine.some(({ kind }) => kind === "misconfigured" || kind === "unavailable")
        ? { state: "probe" }
        : { state: "open" };
    },
    async hold(sink, hold) {
      const known = holds.find((one) => one.sink === sink && one.by === "relay" && one.kind === hold.kind);
      const next: Hold = { ...hold, sink, by: "relay", since: known?.since ?? hold.since };
      holds = holds.filter((one) => one.sink !== sink || one.by !== "relay").concat(next);
      if (known === undefined) {
        const until = next.until === null ? null : new Date(next.until).toISOString();
        log.warn({ sink, kind: next.kind, reason: next.reason, until }, "sink held");
      }
      await ledger.hold(next);
    },
    async lift(sink) {
      const hold = holds.find((one) => one.sink === sink && one.by === "relay");
      if (hold === undefined || (hold.kind === "rate-limited" && (hold.until ?? 0) > now())) return;
      holds = holds.filter((one) => one.sink !== sink || one.by !== "relay");
      log.info({ sink }, "sink works again");
      await ledger.lift(sink, "relay");
    },
    refresh() {
      if (isQueued) return;
      isQueued = true;
      reading = reading
        .then(() => {
          isQueued = false;
          return read();
        })
        .catch((error: unknown) => log.error({ code: codeOf(error) }, "the holds could not be read"));
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
