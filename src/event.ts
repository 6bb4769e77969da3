// The types everything speaks. One word per idea: see the glossary in CONTRIBUTING.md.

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Someone taking part in a booking. Every field is null where nobody has said. */
export interface Person {
  readonly name: string | null;
  readonly email: string | null;
  /** IANA name, such as `America/New_York`. */
  readonly timeZone: string | null;
  /** BCP 47, such as `en` or `pt-BR`. */
  readonly locale: string | null;
  readonly phone: string | null;
  /** Cal.com's clock preference: 12 or 24 hours. */
  readonly hourCycle: 12 | 24 | null;
}

/** What is known of a booking: the same shape for every trigger, null where nobody has said. */
export interface Booking {
  /** The identity that survives reschedules; an event without a booking is keyed by its own id. */
  readonly key: string;
  readonly uid: string | null;
  readonly id: number | null;
  /** As Cal.com spells it, upper case: ACCEPTED, PENDING, CANCELLED, REJECTED, AWAITING_HOST. */
  readonly status: string | null;
  readonly title: string | null;
  /** The event type's slug. */
  readonly type: string | null;
  /** ISO 8601 instant in UTC with `Z`. */
  readonly start: string | null;
  readonly end: string | null;
  readonly minutes: number | null;
  readonly location: string | null;
  readonly meetingUrl: string | null;
  /** In the currency's minor unit, as Cal.com sends it. */
  readonly price: number | null;
  readonly currency: string | null;
  /** iCalendar SEQUENCE: grows with each change of the booking. */
  readonly sequence: number | null;
  readonly organizer: Person;
  /** The first attendee. */
  readonly attendee: Person;
  readonly attendees: readonly Person[];
  /** E-mail addresses of added guests. */
  readonly guests: readonly string[];
  readonly cancellation: {
    readonly reason: string | null;
    readonly by: string | null;
    readonly requestReschedule: boolean | null;
  };
  readonly reschedule: {
    readonly fromUid: string | null;
    readonly fromStart: string | null;
    readonly fromEnd: string | null;
    readonly by: string | null;
    readonly reason: string | null;
  };
  readonly rejection: { readonly reason: string | null };
}

/** How recent a view of a booking is. */
export interface Recency {
  /** `iCalSequence`. */
  readonly sequence: number | null;
  /** ISO in UTC. */
  readonly at: string;
}

/** By the sequence where both have one and they differ, else by time. */
export function isOlder(one: Recency, other: Recency): boolean {
  if (one.sequence !== null && other.sequence !== null && one.sequence !== other.sequence)
    return one.sequence < other.sequence;
  return one.at < other.at;
}

/** One accepted webhook. */
export interface Event {
  /** `evt_…`, sortable by time of receipt. */
  readonly id: string;
  readonly source: string;
  /** ISO 8601 instant in UTC. */
  readonly receivedAt: string;
  /** Null when a custom template left it out. */
  readonly trigger: string | null;
  /** When Cal.com says it happened, ISO in UTC; the time of receipt where the body does not say. */
  readonly createdAt: string;
  /** As sent. */
  readonly payload: Json;
  readonly booking: Booking;
  /** How recent `booking` is; null for an event without a booking, and for a thin one of which nothing more was known. */
  readonly recency: Recency | null;
  /** Answers to the booking's or form's questions: slug → plain value. */
  readonly answers: { readonly [slug: string]: Json };
  /** The whole body as received. */
  readonly body: string;
  /** Where the payload did not fit its trigger's schema; empty when it did. */
  readonly drift: readonly string[];
}

/** How a booking names itself in one event: what the alias table needs to find its key. */
export interface BookingIdentity {
  readonly uid: string;
  /** The uid before a reschedule, if this event tells. */
  readonly previousUid: string | null;
  /** The first uid of the chain, read from `iCalUID`, if this event tells. */
  readonly rootUid: string | null;
}

/** What a route decided about an event, and why. */
export interface Verdict {
  readonly route: string;
  readonly matched: boolean;
  /** Why it did not match; null when it did. */
  readonly reason: {
    /** Where the decision fell: `on`, `from`, `final` or a filter path such as `filter.payload.type`. */
    readonly condition: string;
    readonly expected: Json;
    readonly seen: Json;
    /** The same, as one sentence for people. */
    readonly text: string;
  } | null;
}

/** A place webhooks come from: one URL, `/hooks/<name>`. */
export interface Source {
  readonly name: string;
  /** Any of them may have signed. Never empty when `signature` is `required`. */
  readonly secrets: readonly string[];
  readonly signature: "required" | "off";
  /** How long the same event counts as a duplicate. */
  readonly dedupeMs: number;
}
