import type { BookingIdentity, Event, Json, Verdict } from "../event.ts";

/** Kept per booking key and given back to the next event's `decide`; the ledger does not look inside. */
export type KnownBooking = Json;

/** One webhook on its way into the ledger. */
export interface Arrival {
  readonly id: string;
  readonly source: string;
  readonly receivedAt: number;
  readonly trigger: string | null;
  /** The first is kept; the same event was kept under any of them. None when a repeat cannot be told. Compared within the source. */
  readonly duplicateKeys: readonly string[];
  readonly dedupeMs: number;
  /** Null for an event without a booking: its own id is then its booking key. */
  readonly identity: BookingIdentity | null;
  /**
   * Decides what is stored, once the booking key is known. Pure; called inside the transaction, possibly more than once, so that two
   * events of one booking that arrive together see each other. What it throws rejects this `accept` alone.
   */
  decide(bookingKey: string, known: KnownBooking | null): Decision;
  /** Makes one of two views of what turns out to be one booking. Pure; called inside the transaction. */
  unite(one: KnownBooking, other: KnownBooking): KnownBooking;
}

export interface Decision {
  readonly event: Event;
  readonly verdicts: readonly Verdict[];
  readonly deliveries: readonly PlannedDelivery[];
  /** The new view of the booking; null leaves what is kept as it is. */
  readonly known: KnownBooking | null;
}

export interface PlannedDelivery {
  readonly route: string;
  /** Names the target over edits of the file: see `Target.id`. */
  readonly target: string;
  readonly sink: string;
}

export type Acceptance =
  | { readonly status: "accepted"; readonly event: string; readonly deliveries: number }
  | { readonly status: "duplicate"; readonly event: string };
