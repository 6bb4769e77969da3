import type { Booking, Json, Person } from "../event.ts";
import { isMeeting } from "./envelope.ts";
import { at, instantOf, integerOf, listOf, numberOf, textOf, uidOf } from "./json.ts";
import { isNobody, personOf } from "./people.ts";
import { seatsOf, subjectOf } from "./subject.ts";

/** What one event says of its booking, null where it is silent. */
export interface SaidBooking extends Omit<Booking, "key" | "attendee" | "guests"> {
  /** Null where the event does not speak of guests, empty where it says there are none. */
  readonly guests: readonly string[] | null;
  /** True for thin events and for snapshots taken earlier: they fill gaps and never overwrite. */
  readonly isPartial: boolean;
  /** True where one seat of a slot was cancelled: Cal.com says CANCELLED with the slot's uid, though the slot lives on. */
  readonly isOneSeat: boolean;
}

type Answers = { readonly [slug: string]: Json };

const PARTIAL: ReadonlySet<string> = new Set([
  "BOOKING_NO_SHOW_UPDATED",
  "AFTER_HOSTS_CAL_VIDEO_NO_SHOW",
  "AFTER_GUESTS_CAL_VIDEO_NO_SHOW",
  "RECORDING_READY",
  "RECORDING_TRANSCRIPTION_GENERATED",
  "MEETING_STARTED",
  "MEETING_ENDED",
  "WRONG_ASSIGNMENT_REPORT",
]);

/** Some senders leave the status out where the trigger says it. */
const IMPLIED_STATUS: ReadonlyMap<string | null, string> = new Map([
  ["BOOKING_REQUESTED", "PENDING"],
  ["BOOKING_CREATED", "ACCEPTED"],
  ["BOOKING_RESCHEDULED", "ACCEPTED"],
  ["BOOKING_CANCELLED", "CANCELLED"],
  ["BOOKING_REJECTED", "REJECTED"],
]);

/** Reads a payload of any trigger; never throws, and skips what has not the type it should have. */
export function bookingOf(trigger: string | null, payload: Json, answers: Answers): SaidBooking {
  const subject = subjectOf(payload);
  const status = textOf(at(subject, "status"))?.toUpperCase() ?? IMPLIED_STATUS.get(trigger) ?? null;
  const attendees = attendeesOf(trigger, payload, answers);
  return {
    uid: uidOf(at(subject, "uid")) ?? uidOf(at(subject, "bookingUid")),
    id: integerOf(at(subject, "bookingId")) ?? (hasRowId(trigger) ? integerOf(at(subject, "id")) : null),
    status,
    title: textOf(at(subject, "title")) ?? textOf(at(subject, "eventTypeTitle")),
    type: typeOf(trigger, subject),
    ...timesOf(subject),
    location: textOf(at(subject, "location")),
    meetingUrl:
      urlOf(at(subject, "metadata", "videoCallUrl")) ??
      urlOf(at(subject, "videoCallData", "url")) ??
      urlOf(at(subject, "location")),
    price: numberOf(at(subject, "price")),
    currency: textOf(at(subject, "currency")),
    sequence: integerOf(at(subject, "iCalSequence")),
    organizer: organizerOf(trigger, payload),
    attendees,
    guests: guestsOf(subject, answers),
    ...changesOf(trigger, subject, status, answers),
    isPartial: trigger !== null && PARTIAL.has(trigger),
    isOneSeat: status === "CANCELLED" && attendees.length === 1 && seatsOf(subject) !== null,
  };
}

function hasRowId(trigger: string | null): boolean {
  return isMeeting(trigger) || trigger === "WRONG_ASSIGNMENT_REPORT";
}

/** Slugs are lower case and without spaces; recordings, pings and some payments carry a title here. */
function typeOf(trigger: string | null, subject: Json): string | null {
  if (trigger === "PING" || trigger?.startsWith("RECORDING_") === true) return null;
  const slug = textOf(at(subject, "type")) ?? textOf(at(subject, "eventType", "slug"));
  return slug !== null && !/\s/.test(slug) && slug === slug.toLowerCase() ? slug : null;
}

function timesOf(subject: Json): Pick<Booking, "start" | "end" | "minutes"> {
  const start = instantOf(at(subject, "startTime"));
  const end = instantOf(at(subject, "endTime"));
  const span = start === null || end === null ? null : (Date.parse(end) - Date.parse(start)) / 60_000;
  const spans = [span, numberOf(at(subject, "length"))];
  return { start, end, minutes: spans.find((minutes) => minutes !== null && minutes >= 0) ?? null };
}

function urlOf(value: Json | undefined): string | null {
  const text = textOf(value)?.trim() ?? null;
  return text !== null && /^https?:\/\/\S+$/i.test(text) ? text : null;
}

function organizerOf(trigger: string | null, payload: Json): Person {
  if (isMeeting(trigger)) {
    const user = personOf(at(payload, "user"));
    return { ...user, email: user.email ?? textOf(at(payload, "userPrimaryEmail")) };
  }
  if (trigger === "WRONG_ASSIGNMENT_REPORT") return personOf(at(payload, "report", "host"));
  return personOf(at(payload, "organizer"));
}

function attendeesOf(trigger: string | null, payload: Json, answers: Answers): readonly Person[] {
  if (trigger === "INSTANT_MEETING") {
    const { name = null, email = null, attendeePhoneNumber: phoneNumber = null } = answers;
    return [personOf({ name, email, phoneNumber })].filter((person) => !isNobody(person));
  }
  if (trigger === "WRONG_ASSIGNMENT_REPORT")
    return [personOf({ email: at(payload, "report", "guest") ?? null })].filter((person) => !isNobody(person));
  return listOf(at(payload, "attendees"))
    .map((attendee) => personOf(attendee))
    .filter((person) => !isNobody(person));
}

function guestsOf(subject: Json, answers: Answers): readonly string[] | null {
  if (at(subject, "responses", "guests") === undefined) return null;
  return listOf(answers["guests"]).flatMap((guest) => textOf(guest) ?? []);
}

/** Hosted Cal.com puts the reason of a reschedule into `cancellationReason`, so what it means depends on the event. */
function changesOf(
  trigger: string | null,
  subject: Json,
  status: string | null,
  answers: Answers,
): Pick<Booking, "cancellation" | "reschedule" | "rejection"> {
  const isCancelled = status === "CANCELLED" || trigger === "BOOKING_CANCELLED";
  const isRejected = status === "REJECTED" || trigger === "BOOKING_REJECTED";
  const fromUid = textOf(at(subject, "rescheduleUid")) ?? textOf(at(subject, "fromReschedule"));
  const reason = textOf(at(subject, "cancellationReason"));
  const by = textOf(at(subject, "cancelledBy"));
  return {
    cancellation: isCancelled
      ? { reason, by, requestReschedule: requestRescheduleOf(subject, reason, by) }
      : { reason: null, by: null, requestReschedule: null },
    reschedule: {
      fromUid,
      fromStart: instantOf(at(subject, "rescheduleStartTime")),
      fromEnd: instantOf(at(subject, "rescheduleEndTime")),
      by: textOf(at(subject, "rescheduledBy")),
      reason: (isCancelled || fromUid === null ? null : reason) ?? textOf(answers["rescheduleReason"]),
    },
    rejection: { reason: isRejected ? textOf(at(subject, "rejectionReason")) : null },
  };
}

/** Before January 2026 the only sign of a host's "request reschedule" was how the reason begins. */
function requestRescheduleOf(subject: Json, reason: string | null, by: string | null): boolean | null {
  const flag = at(subject, "requestReschedule");
  if (typeof flag === "boolean") return flag;
  return by !== null && reason?.startsWith("Please reschedule. ") === true ? true : null;
}
