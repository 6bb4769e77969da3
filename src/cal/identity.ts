import type { BookingIdentity, Json } from "../event.ts";
import { subjectOf } from "./booking.ts";
import { at, listOf, numberOf, textOf, uidOf } from "./json.ts";

/**
 * How the event names its booking; null for events without one.
 *
 * A reschedule makes a new row with a new uid. `rescheduleUid` (`fromReschedule` in MEETING_*) is the row before, and `iCalUID` usually
 * stays `<first uid>@Cal.com`. Two cases are no chain and tell neither: with seats, one person moves from slot to slot while both slots
 * live on, and `rescheduleUid` may be the reference of a seat; occurrences of a series are bookings of their own.
 */
export function identityOf(payload: Json): BookingIdentity | null {
  const subject = subjectOf(payload);
  const uid = uidOf(at(subject, "uid")) ?? uidOf(at(subject, "bookingUid"));
  if (uid === null) return null;
  const isSeated = seatIdsOf(subject) !== null;
  const previousUid = uidOf(at(subject, "rescheduleUid")) ?? uidOf(at(subject, "fromReschedule"));
  return {
    uid,
    previousUid: isSeated || previousUid === uid ? null : previousUid,
    rootUid: isSeated || isRecurring(subject) ? null : firstUidOf(textOf(at(subject, "iCalUID"))),
  };
}

/** The seats an event speaks of, possibly unnamed; null where the booking has no seats. */
export function seatIdsOf(subject: Json): readonly string[] | null {
  const attendees = listOf(at(subject, "attendees"));
  const ids = [
    textOf(at(subject, "attendeeSeatId")),
    ...attendees.map((attendee) => textOf(at(attendee, "bookingSeat", "referenceUid"))),
  ].filter((id) => id !== null);
  const isSeated = (numberOf(at(subject, "seatsPerTimeSlot")) ?? 0) > 0 || ids.length > 0;
  return isSeated ? [...new Set(ids)].toSorted() : null;
}

function isRecurring(subject: Json): boolean {
  return ["recurringEvent", "existingRecurringEvent", "recurringEventId"].some(
    (key) => (at(subject, key) ?? null) !== null,
  );
}

/** Another domain than Cal.com's own means another system's id, in which no uid can be read. */
function firstUidOf(icalUid: string | null): string | null {
  const match = icalUid === null ? null : /^(.+)@cal\.com$/i.exec(icalUid);
  return uidOf(match?.[1]);
}
