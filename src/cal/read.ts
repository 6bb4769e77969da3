import type { BookingIdentity, Json } from "../event.ts";
import { answersOf } from "./answers.ts";
import { bookingOf, type SaidBooking } from "./booking.ts";
import { driftOf } from "./drift.ts";
import { duplicateKeysOf } from "./duplicate.ts";
import { openBody } from "./envelope.ts";
import { identityOf } from "./identity.ts";

/** One webhook, understood as far as it goes. */
export interface Reading {
  /** Null when a custom template left it out. */
  readonly trigger: string | null;
  /** ISO in UTC; null where the body does not say, as in flat MEETING_* bodies, whose `createdAt` is the booking's. */
  readonly createdAt: string | null;
  /** As sent. */
  readonly payload: Json;
  /** Slug → plain value. */
  readonly answers: { readonly [slug: string]: Json };
  /** Null for events without a booking. */
  readonly identity: BookingIdentity | null;
  readonly said: SaidBooking;
  /** The first is the event's own; the same event has any of them. None where a repeat cannot be told from a new event. */
  readonly duplicateKeys: readonly string[];
  /** Where the payload did not fit its trigger's schema, without any value of it. */
  readonly drift: readonly string[];
}

/**
 * Reads any body: a trigger's, a custom template's, a form's, or plain text. Never throws. `drift` holds the payload against its schema, which
 * is most of the work.
 */
export function readBody(body: string, drift: typeof driftOf = driftOf): Reading {
  const opened = openBody(body);
  const { trigger, createdAt, payload, isOwnShape } = opened;
  const answers = answersOf(payload);
  const identity = identityOf(payload);
  return {
    trigger,
    createdAt,
    payload,
    answers,
    identity,
    said: bookingOf(trigger, payload, answers),
    duplicateKeys: duplicateKeysOf(opened, identity?.uid ?? null),
    drift: isOwnShape ? drift(trigger, payload) : [],
  };
}
