import type { SaidBooking } from "./booking.ts";
import { completePeople, completePerson } from "./people.ts";

/** A booking as several events together tell it. */
export type KnownFields = Omit<SaidBooking, "isPartial" | "isOneSeat">;

/**
 * `front` completed by `back`: field by field, `front` where it says something. What belongs together goes together: the reason of a
 * cancellation leaves with the status, a number with its uid, an end with its start, a link with the place.
 */
export function complete(front: KnownFields, back: KnownFields): KnownFields {
  const status = front.status ?? back.status;
  const isSameRow = front.uid === null || back.uid === null || front.uid === back.uid;
  const isSameStart = front.start === null || back.start === null || front.start === back.start;
  const { cancellation, rejection, reschedule } = back;
  return {
    uid: front.uid ?? back.uid,
    id: front.id ?? (isSameRow ? back.id : null),
    status,
    title: front.title ?? back.title,
    type: front.type ?? back.type,
    start: front.start ?? back.start,
    end: front.end ?? (isSameStart ? back.end : null),
    minutes: front.minutes ?? back.minutes,
    location: front.location ?? back.location,
    meetingUrl: front.meetingUrl ?? (isElsewhere(front, back) ? null : back.meetingUrl),
    price: front.price ?? back.price,
    currency: front.currency ?? back.currency,
    sequence: front.sequence ?? back.sequence,
    organizer: completePerson(front.organizer, back.organizer),
    attendees: completePeople(front.attendees, back.attendees),
    guests: front.guests ?? back.guests,
    cancellation: status === back.status ? filled(front.cancellation, cancellation) : front.cancellation,
    rejection: status === back.status ? filled(front.rejection, rejection) : front.rejection,
    reschedule: isSameRow ? filled(front.reschedule, reschedule) : front.reschedule,
  };
}

/** Moved to a place that is no call, or to a call of another kind: the old link leads nowhere. */
function isElsewhere({ location }: KnownFields, { location: before }: KnownFields): boolean {
  if (location === null || location === before) return false;
  const isOtherKind = KIND.test(location) && before !== null && KIND.test(before);
  return isOtherKind || !/^(integrations:|conferencing$|https?:)/i.test(location);
}

/** Names the app of a call, such as `integrations:daily`. */
const KIND = /^integrations:/i;

function filled<Group extends object>(front: Group, back: Group): Group {
  const said = Object.entries(front).filter(([, value]) => value !== null);
  return { ...back, ...Object.fromEntries(said) };
}
