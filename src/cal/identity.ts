import type { BookingIdentity, Json } from "../event.ts";
import { at, textOf, uidOf } from "./json.ts";
import { seatsOf, subjectOf } from "./subject.ts";

/**
 * How the event names its booking; null for events without one.
 *
 * A reschedule makes a new row with a new uid. `rescheduleUid` (`fromReschedule` in MEETING_*) is the row before, and `iCalUID` usually
 * stays `<first uid>@Cal.com`. With seats neither is told: one person moves from slot to slot while both slots live on, and
 * `rescheduleUid` may be the reference of a seat. Occurrences of a series are bookings of their own, whatever calendar entry they share.
 */
export function identityOf(payload: Json): BookingIdentity | null {
  const subject = subjectOf(payload);
  const uid = uidOf(at(subject, "uid")) ?? uidOf(at(subject, "bookingUid"));
  if (uid === null) return null;
  const isSeated = seatsOf(subject) !== null;
  const previousUid = uidOf(at(subject, "rescheduleUid")) ?? uidOf(at(subject, "fromReschedule"));
  return {
    uid,
    previousUid: isSeated || previousUid === uid ? null : previousUid,
    rootUid: isSeated || isRecurring(subject) ? null : firstUidOf(textOf(at(subject, "iCalUID"))),
  };
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
