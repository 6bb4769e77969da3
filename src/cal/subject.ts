import type { Json } from "../event.ts";
import { at, listOf, numberOf, objectOf, textOf } from "./json.ts";

/** Where a payload speaks of its booking: itself, or its `booking` (WRONG_ASSIGNMENT_REPORT). */
export function subjectOf(payload: Json): Json {
  const inner = at(payload, "booking");
  return inner !== undefined && objectOf(inner) !== null && at(payload, "uid") === undefined ? inner : payload;
}

/** References of the seats an event speaks of, empty where it leaves them out; null where the booking has no seats. */
export function seatsOf(subject: Json): readonly string[] | null {
  const ids = [
    textOf(at(subject, "attendeeSeatId")),
    ...listOf(at(subject, "attendees")).map((attendee) => textOf(at(attendee, "bookingSeat", "referenceUid"))),
  ].filter((id) => id !== null);
  const isSeated = ids.length > 0 || (numberOf(at(subject, "seatsPerTimeSlot")) ?? 0) > 0;
  return isSeated ? [...new Set(ids)].toSorted() : null;
}
