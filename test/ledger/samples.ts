import type { BookingIdentity, Event, Json, Person } from "../../src/event.ts";
import type { Arrival } from "../../src/ledger/arrival.ts";
import type { Applied, Attempt, Next, Settlement } from "../../src/ledger/ledger.ts";

export const START = Date.UTC(2026, 2, 2, 9);
export const MINUTE = 60_000;

export interface ArrivalOptions {
  readonly id: string;
  /** A uid, or the whole identity; null for an event without a booking. */
  readonly booking?: string | Partial<BookingIdentity> | null;
  /** One delivery each. A name with a slash is a sink and a target of its own: `crm/second`. */
  readonly sinks?: readonly string[];
  readonly source?: string;
  readonly trigger?: string | null;
  readonly receivedAt?: number;
  readonly duplicateKeys?: readonly string[];
  readonly dedupeMs?: number;
  readonly known?: Json;
  readonly decide?: Arrival["decide"];
}

export function arrival(options: ArrivalOptions): Arrival {
  const { id, source = "cal", trigger = "BOOKING_CREATED", receivedAt = START, booking = id } = options;
  const { sinks = ["crm"], known = null } = options;
  const told = typeof booking === "string" ? { uid: booking } : booking;
  return {
    id: `evt_${id}`,
    source,
    receivedAt,
    trigger,
    duplicateKeys: options.duplicateKeys ?? [],
    dedupeMs: options.dedupeMs ?? 24 * 60 * MINUTE,
    identity: told === null ? null : { uid: id, previousUid: null, rootUid: null, ...told },
    decide:
      options.decide ??
      ((bookingKey) => ({
        event: sampleEvent(`evt_${id}`, bookingKey, {
          source,
          trigger,
          receivedAt: new Date(receivedAt).toISOString(),
        }),
        verdicts: [{ route: "all", matched: sinks.length > 0, reason: null }],
        deliveries: sinks.map((sink) => ({ route: "all", target: `all/${sink}`, sink: sink.split("/")[0] ?? sink })),
        known,
      })),
    unite: (one, other) => [one, other],
  };
}

export function sampleEvent(id: string, bookingKey: string, overrides: Partial<Event> = {}): Event {
  return {
    id,
    source: "cal",
    receivedAt: new Date(START).toISOString(),
    trigger: "BOOKING_CREATED",
    createdAt: new Date(START).toISOString(),
    payload: { uid: bookingKey, title: "Garden visit", notes: 'ünï "quoted" 🌱\n' },
    booking: {
      key: bookingKey,
      uid: bookingKey,
      id: 7,
      status: "ACCEPTED",
      title: "Garden visit",
      type: "visit",
      start: "2026-03-09T10:00:00Z",
      end: "2026-03-09T10:30:00Z",
      minutes: 30,
      location: null,
      meetingUrl: null,
      price: 0,
      currency: null,
      sequence: 0,
      organizer: { ...nobody, name: "Olive", hourCycle: 24 },
      attendee: { ...nobody, email: "guest@example.com" },
      attendees: [{ ...nobody, email: "guest@example.com" }],
      guests: ["friend@example.org"],
      cancellation: { reason: null, by: null, requestReschedule: null },
      reschedule: { fromUid: null, fromStart: null, fromEnd: null, by: null, reason: null },
      rejection: { reason: null },
    },
    recency: { sequence: 0, at: new Date(START).toISOString() },
    answers: { budget: 12.5, topics: ["roses", "hedges"] },
    body: "{}",
    drift: [],
    ...overrides,
  };
}

/** How an attempt ended: `next`, with what the record says of it. */
export function ended(next: Next, attempt: Partial<Attempt> = {}, memory?: Json, applied?: Applied): Settlement {
  const outcomes = { delivered: "delivered", waiting: "unavailable", dead: "rejected", skipped: "skipped" } as const;
  return {
    attempt: {
      number: 1,
      startedAt: START,
      durationMs: 12.5,
      outcome: outcomes[next.state],
      message: { text: "hello" },
      answer: { status: 200 },
      reason: next.state === "delivered" ? null : `${next.state} for a reason`,
      ...attempt,
    },
    next,
    memory,
    applied,
  };
}

export const delivered: Settlement = ended({ state: "delivered" });
export const dead: Settlement = ended({ state: "dead" });

export function again(dueAt: number, next: { maybeDelivered?: boolean; usedAttempt?: boolean } = {}): Settlement {
  return ended({ state: "waiting", dueAt, maybeDelivered: false, usedAttempt: true, ...next });
}

const nobody: Person = { name: null, email: null, timeZone: null, locale: null, phone: null, hourCycle: null };
