import type { Event, Json, Recency, Verdict } from "../event.ts";
import type { Acceptance, Arrival, PlannedDelivery } from "./arrival.ts";
import type { Rate } from "./rate.ts";

// The ledger's contract: what is promised, whatever the store. Times are epoch milliseconds. Every promise below is a case in
// test/ledger/conformance.ts, which runs against each implementation.

export type DeliveryState = "waiting" | "running" | "delivered" | "dead" | "skipped";

/** A stored event with the deliveries it is given anew. */
export interface Replay {
  readonly event: string;
  readonly deliveries: readonly PlannedDelivery[];
}

/** One event on its way to one target. */
export interface Delivery {
  /** `dlv_<event id without evt_>-<place among the event's deliveries, from 1>`, fixed for its life: the sink's idempotency key. */
  readonly id: string;
  readonly event: string;
  readonly trigger: string | null;
  readonly route: string;
  readonly target: string;
  readonly sink: string;
  /** What is settled keeps the key it was settled under; see `Ledger.accept`. */
  readonly bookingKey: string;
  readonly state: DeliveryState;
  /** When a waiting one is tried next. */
  readonly dueAt: number;
  /** Attempts used up. */
  readonly attempts: number;
  readonly firstAttemptAt: number | null;
  readonly maybeDelivered: boolean;
  /** Why it is dead, skipped or waiting again; null where there is nothing to say. */
  readonly reason: string | null;
  /** When its event was received. */
  readonly acceptedAt: number;
  readonly settledAt: number | null;
}

/** The newest view of a booking that a target was brought up to, and the event that brought it. */
export interface Applied {
  /** What the target keeps in step: a row, a page, a message. */
  readonly thing: string;
  readonly event: string;
  readonly recency: Recency;
}

/** A delivery leased to this process. `lease` fences settling: one that was taken away cannot settle. */
export interface Claim {
  readonly delivery: Delivery;
  readonly lease: number;
  /** As accepted, but for `booking.key`, which is the delivery's. */
  readonly event: Event;
  /** The sink's memory of this target and booking. */
  readonly memory: Json | null;
  /** What was last applied to this target and booking; null where nothing is known to be. */
  readonly applied: Applied | null;
  readonly keeping: Keeping;
}

/** How a lease is kept up while a delivery runs. One of a ledger that one process has is never lost. */
export interface Keeping {
  /** Aborts once the lease is lost, or was not kept up in time: whatever is under way has to end. */
  readonly lost: AbortSignal;
  /** Whether it holds at this very moment, also where the process has just been asleep: asked before anything is sent. */
  readonly isHeld: () => boolean;
}

export type Outcome =
  "delivered" | "rejected" | "unavailable" | "rate-limited" | "misconfigured" | "dry-run" | "skipped";

/** What settling needs of a claim. */
export interface Lease extends Pick<Claim, "lease"> {
  readonly delivery: Pick<Delivery, "id" | "sink" | "target" | "bookingKey" | "dueAt" | "maybeDelivered">;
}

/** One try, as it is kept. */
export interface Attempt {
  readonly number: number;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: Outcome;
  /** The rendered message, secrets masked; null when rendering failed. */
  readonly message: Json;
  /** What came back, and what the sink told: `{ id, url, answer, note }`. */
  readonly answer: Json;
  /** Why it failed, for people; null when it did not. */
  readonly reason: string | null;
}

/** Where a delivery goes after an attempt. */
export type Next =
  | { readonly state: "delivered" }
  | {
      readonly state: "waiting";
      readonly dueAt: number;
      /** Once true it stays true until the delivery is delivered. */
      readonly maybeDelivered: boolean;
      readonly usedAttempt: boolean;
    }
  | { readonly state: "dead" }
  | { readonly state: "skipped" };

export interface Settlement {
  readonly attempt: Attempt;
  readonly next: Next;
  /** New sink memory; undefined leaves it as it is. */
  readonly memory?: Json | undefined;
  /** What is applied to the target and booking from now on; undefined leaves it as it is. */
  readonly applied?: Applied | undefined;
}

/** A sink that is paused, without losing anything. At most one by a person and one by the relay at a time. */
export interface Hold {
  readonly sink: string;
  readonly by: "person" | "relay";
  readonly kind: "paused" | "rate-limited" | "misconfigured" | "unavailable";
  readonly reason: string;
  readonly since: number;
  /** Null: until someone lifts it. A misconfigured or unavailable sink is probed at this time. */
  readonly until: number | null;
}

export interface StoredEvent {
  readonly event: Event;
  readonly bookingKey: string;
  readonly verdicts: readonly Verdict[];
}

export interface EventQuery {
  readonly trigger?: string | undefined;
  readonly source?: string | undefined;
  readonly since?: number | undefined;
  readonly limit: number;
}

export interface DeliveryQuery {
  readonly state?: DeliveryState | undefined;
  readonly sink?: string | undefined;
  readonly since?: number | undefined;
  readonly event?: string | undefined;
  readonly limit: number;
}

export type RetrySelection =
  | { readonly ids: readonly string[] }
  | {
      readonly state: "dead" | "skipped" | "delivered";
      readonly sink?: string | undefined;
      readonly since?: number | undefined;
    };

export interface Backlog {
  readonly sink: string;
  readonly state: DeliveryState;
  readonly count: number;
  /** When the oldest of them was accepted; null for what is settled. */
  readonly oldest: number | null;
}

export interface Ledger {
  /**
   * Stores an event with its verdicts, aliases, known view and deliveries (due at once), all or nothing, durable when it resolves. One that
   * is received up to `dedupeMs` after an event with one of its duplicate keys stores nothing and names that. LedgerUnavailable: nothing is
   * stored.
   *
   * The booking key is the one known for the uids of `identity`, else `rootUid`, else `previousUid`, else `uid`; all are remembered for it.
   * Uids known by different keys tell that these name one booking: they are united from now on, under the first of the keys of `rootUid`,
   * `previousUid` and `uid` with something at a sink (memory, running, maybe delivered), else the first. It gets the others' aliases, known
   * views and waiting deliveries, these at their place in the order of acceptance; their memory of a target where it has none; and what
   * they last applied to a target, where that is newer, is delivered there again. The record stays; `retry` and `replay` go by the key that
   * stays. What lost keys have made at sinks stays there and is updated no more: sinks cannot take back. What runs under a lost key ends
   * so, before anything else of the booking, unless one of the key that stays runs too: then beside this and what follows it.
   */
  accept(arrival: Arrival): Promise<Acceptance>;

  /**
   * Leases up to `limit` due deliveries of a sink, oldest due first (to the second: those due in the same one in any order): at most one per
   * booking key, always the earliest accepted one that is not settled, and never while another of that booking key and sink is running (as
   * one may be when `retry` puts back an earlier one). No more of the sink than `concurrency` run at once, whichever relay claimed them.
   */
  claim(sink: string, limit: number, concurrency: number): Promise<readonly Claim[]>;

  /** Records the attempt, moves the delivery on, keeps memory and what is applied, in one commit. False, writing nothing: the lease was lost. */
  settle(claim: Lease, settlement: Settlement): Promise<boolean>;

  /** Hands a claimed delivery back untried, due as before. */
  release(claim: Lease): Promise<void>;

  /** When the next delivery of the sink that could be claimed falls due; null when none waits. */
  nextDue(sink: string): Promise<number | null>;

  /**
   * Calls back with a sink's name when other deliveries of it than the caller's own may have become claimable: accepted, next in their
   * booking or put back; or with "*" when anything, a hold included, may have changed. A delivery that is released or waits again is not
   * told of: `nextDue` knows it. Returns how to stop.
   */
  onWork(listener: (sink: string) => void): () => void;

  /**
   * Takes a turn in a lane of the sink, of which `rate` lets through so many for all relays together. Returns how many milliseconds to wait
   * for it.
   */
  turn(sink: string, lane: string, rate: Rate): Promise<number>;

  /**
   * Takes the lock of that name for this relay; false while another has it. It ends with `unlock`, or as a lease does with the relay. Not for
   * work of one relay among itself, which gets it again and again.
   */
  lock(name: string): Promise<boolean>;
  unlock(name: string): Promise<void>;

  hold(hold: Hold): Promise<void>;
  /** Lifts the hold of that hand. False when there was none. */
  lift(sink: string, by: Hold["by"]): Promise<boolean>;
  holds(): Promise<readonly Hold[]>;

  /** Newest first. */
  events(query: EventQuery): Promise<readonly StoredEvent[]>;
  event(id: string): Promise<StoredEvent | null>;
  deliveries(query: DeliveryQuery): Promise<readonly Delivery[]>;
  delivery(id: string): Promise<Delivery | null>;
  /** In the order they were made. */
  attempts(delivery: string): Promise<readonly Attempt[]>;
  backlog(): Promise<readonly Backlog[]>;

  /**
   * Puts settled deliveries back to waiting, due now, with a fresh retry time, at their old place in their booking's order; `since` is the
   * time of acceptance. Attempts stay on record, and `maybeDelivered` stays as it was. Ignores ids that are unknown or not settled. Returns
   * how many were put back; a large selection is moved in several commits. `onProgress` is told how many it is going to be before the first
   * of them, and after each how many are done.
   */
  retry(selection: RetrySelection, onProgress?: (done: number, total: number) => void): Promise<number>;

  /**
   * Gives stored events further deliveries, due now, after all that their bookings have, in the order given, in one commit. Every call makes
   * new ones. What is on record stays as it is, the verdicts too: these are what was decided when the event was accepted. Ignores events
   * that are unknown. Returns how many deliveries were made.
   */
  replay(replays: readonly Replay[]): Promise<number>;

  /** The ids of the events received since, in the order of receipt. */
  receivedSince(since: number): Promise<readonly string[]>;

  /** The source's generated secret: `candidate` the first time, the kept one ever after. */
  secret(source: string, candidate: string): Promise<string>;

  /**
   * Deletes up to `limit` events received before `before`, with their verdicts, deliveries and attempts: only those whose deliveries are all
   * settled. Aliases, known views and sink memory stay, so that a booking stays one row however long it lives. Duplicates of what is gone
   * are new events: `before` has to leave `dedupeMs` alone. Returns how many; passes what has to stay in turns, and accepts in between.
   */
  sweep(before: number, limit: number): Promise<number>;

  /** Throws LedgerUnavailable when the store does not answer. */
  ping(): Promise<void>;

  /** Finishes what is being written and lets go of the store. Every later call but another `close` throws LedgerUnavailable. */
  close(): Promise<void>;
}

/** The ledger as it is seen after accepting, which may be from another thread. */
export type WorkLedger = Omit<Ledger, "accept" | "retry"> & { retry(selection: RetrySelection): Promise<number> };

/** What a command may ask of a ledger that relays are running on. */
export type CommandLedger = Omit<
  Ledger,
  "accept" | "claim" | "settle" | "release" | "nextDue" | "onWork" | "turn" | "lock" | "unlock" | "sweep"
>;
