import { describe, expect, test } from "vitest";
import type { Json } from "../../src/event.ts";
import { readBody } from "../../src/cal/read.ts";
import { sample } from "../../src/cal/samples.ts";
import { TRIGGERS, type Trigger } from "../../src/cal/triggers.ts";
import { vary, type Object as Fields } from "./vary.ts";

type Change = (payload: Fields, body: Fields) => void;

/** What Cal.com sends of a trigger within a day of its sample. */
interface Sent {
  /** The same event. */
  readonly again?: Readonly<Record<string, Change>>;
  /** Another event. */
  readonly other: Readonly<Record<string, Change>>;
}

const otherBooking = { "of another booking": to({ uid: "another" }) };
const otherBookingUid = { "of another booking": to({ bookingUid: "another" }) };
const otherError = { "of another error": to({ error: { type: "other", message: "other" } }) };
const secondsLater = { "the same seconds later": later(2_000) };
const minutesLater = { "from a run minutes later": later(180_000) };

const SENT: Readonly<Record<Trigger, Sent>> = {
  BOOKING_REQUESTED: { other: otherBooking },
  BOOKING_CREATED: { other: { ...otherBooking, "of another seat": seat("another-seat") } },
  BOOKING_PAYMENT_INITIATED: { other: { ...otherBooking, "of another payment": to({ paymentId: 1 }) } },
  BOOKING_PAID: { other: { ...otherBooking, "of another payment": to({ paymentId: 1 }) } },
  BOOKING_RESCHEDULED: {
    other: { ...otherBooking, "to another start": to({ startTime: "2026-12-09T16:00:00Z" }) },
  },
  BOOKING_LOCATION_UPDATED: { other: { "to another place": to({ location: "1 Canal Street" }), ...secondsLater } },
  BOOKING_REASSIGNED: { other: { "to another host": to({ addedHostUserIds: [1] }), ...secondsLater } },
  BOOKING_CANCELLED: {
    other: {
      ...otherBooking,
      "of another seat": seat("another-seat"),
      "after another change": to({ iCalSequence: 9 }),
    },
  },
  BOOKING_REJECTED: { other: otherBooking },
  MEETING_STARTED: {
    again: minutesLater,
    other: { ...otherBooking, "after the start was moved": to({ startTime: "2026-12-04T12:00:00.000Z" }) },
  },
  MEETING_ENDED: {
    again: minutesLater,
    other: { ...otherBooking, "after the end was moved": to({ endTime: "2026-12-04T12:00:00.000Z" }) },
  },
  BOOKING_NO_SHOW_UPDATED: {
    other: {
      "unmarked in the same second": to({ attendees: [{ email: "lena@example.org", noShow: false }] }),
      "of another guest": to({ attendees: [{ email: "tom@example.org", noShow: true }] }),
      ...secondsLater,
    },
  },
  AFTER_HOSTS_CAL_VIDEO_NO_SHOW: {
    again: minutesLater,
    other: { "of another host": to({ hostEmail: "mara@example.com" }), "of another wait": waiting(15) },
  },
  AFTER_GUESTS_CAL_VIDEO_NO_SHOW: {
    again: minutesLater,
    other: { "of other guests": to({ guests: [] }), "of another wait": waiting(15) },
  },
  RECORDING_READY: {
    again: minutesLater,
    other: { "of another recording": to({ downloadLink: "https://app.example.com/other" }) },
  },
  RECORDING_TRANSCRIPTION_GENERATED: {
    again: minutesLater,
    other: { "of another recording": to({ downloadLinks: {} }) },
  },
  INSTANT_MEETING: { other: otherBooking },
  INSTANT_MEETING_ACCEPTED: { other: otherBooking },
  FORM_SUBMITTED: { other: { "with another answer": to({ responses: {} }), ...secondsLater } },
  FORM_SUBMITTED_NO_EVENT: { again: minutesLater, other: { "of another response": to({ responseId: 1 }) } },
  ROUTING_FORM_FALLBACK_HIT: { again: minutesLater, other: { "of another response": to({ responseId: 1 }) } },
  WRONG_ASSIGNMENT_REPORT: { other: { "by somebody else": to({ report: { reportedBy: "other" } }), ...secondsLater } },
  OOO_CREATED: { again: minutesLater, other: { "of the entry updated": updated("2026-11-25T09:00:00.000Z") } },
  CALENDAR_ENTRY_REJECTED: { other: { ...otherBookingUid, ...secondsLater } },
  DELEGATION_CREDENTIAL_ERROR: { other: { ...otherError, ...secondsLater } },
  DELEGATION_CREDENTIAL_SECRET_ROTATED: { other: { ...otherError, ...secondsLater } },
  DELEGATION_CREDENTIAL_SECRET_ROTATION_FAILED: { other: { ...otherError, ...secondsLater } },
  DELEGATION_CREDENTIAL_ROTATION_REQUIRED: { other: { ...otherError, ...secondsLater } },
};

/**
 * Milliseconds into a second, of an event and of the same one sent again. Hosted Cal.com sends the same bytes; a self-hosted one stamps each
 * subscriber on its own.
 */
const STAMPS = [
  [512, 512],
  [512, 515],
  [999, 1_002],
  [1_002, 999],
  [0, 999],
] as const;

describe.each(TRIGGERS)("%s", (trigger) => {
  const { again = {}, other } = SENT[trigger];

  test.each(STAMPS)("is the same event, stamped at %i ms and at %i ms", (first, second) => {
    expect(isRepeat(vary(trigger, stampedAt(first)), vary(trigger, stampedAt(second)))).toBe(true);
  });

  test.each(Object.entries(again))("is the same event %s", (_, change) => {
    expect(isRepeat(sample(trigger), vary(trigger, change))).toBe(true);
  });

  test.each(Object.entries(other))("is another event %s", (_, change) => {
    expect(isRepeat(sample(trigger), vary(trigger, change))).toBe(false);
  });
});

test.each([
  ["each seat of a slot", "BOOKING_CREATED.seat", "BOOKING_CREATED.second-seat"],
  ["each booking of a series", "BOOKING_CREATED.recurring", "BOOKING_CREATED.recurring-second"],
  ["each absent host", "AFTER_HOSTS_CAL_VIDEO_NO_SHOW", "AFTER_HOSTS_CAL_VIDEO_NO_SHOW.second-host"],
  ["a guest marked absent and unmarked", "BOOKING_NO_SHOW_UPDATED", "BOOKING_NO_SHOW_UPDATED.undone"],
  ["a booking moved and moved again", "BOOKING_RESCHEDULED", "BOOKING_RESCHEDULED.again"],
  ["a booking cancelled and asked to be moved", "BOOKING_CANCELLED", "BOOKING_CANCELLED.request-reschedule"],
  ["an absence entered and updated", "OOO_CREATED", "OOO_CREATED.updated"],
])("%s: an event of its own", (_, one, other) => {
  expect(isRepeat(sample(one), sample(other))).toBe(false);
});

test.each<[string, string, Change, Change]>([
  ["a seat is given up and taken again, under its new id", "BOOKING_CREATED.seat", () => undefined, seat("new-seat")],
  ["a seat without its id is taken again", "BOOKING_CREATED.seat", seat(null), both(seat(null), later(2_000))],
  ["a seat without its id is given up again", "BOOKING_CANCELLED.seat", seat(null), both(seat(null), later(2_000))],
  ["a seat is moved to where it has been before", "BOOKING_CREATED.seat", moved, both(moved, later(2_000))],
])("%s: another event", (_, name, one, other) => {
  expect(isRepeat(vary(name, one), vary(name, other))).toBe(false);
  expect(isRepeat(vary(name, one), vary(name, one))).toBe(true);
});

test("a ping is always new", () => {
  expect(isRepeat(sample("PING"), sample("PING"))).toBe(false);
});

test.each([
  ["two hosts who did not join, named in words only", "AFTER_HOSTS_CAL_VIDEO_NO_SHOW", host("Jonas"), host("Mara")],
  ["two recordings without their links", "RECORDING_READY", linkless, both(linkless, later(2_000))],
  ["two instant meetings' requests", "INSTANT_MEETING", () => undefined, later(2_000)],
] as const)("%s: two events", (_, name, one, other) => {
  expect(isRepeat(vary(name, one), vary(name, other))).toBe(false);
  expect(isRepeat(vary(name, one), vary(name, one))).toBe(true);
});

const STAMP = "2026-11-23T09:00:00.512Z";

test.each([
  // One booking made and then cancelled, or two seats of one slot, may well come to the same words.
  ["the booking alone", '{"uid":"u1","title":"Intro"}', false],
  ["the booking and its trigger", '{"triggerEvent":"BOOKING_CREATED","uid":"u1"}', false],
  ["the same in an envelope", '{"triggerEvent":"BOOKING_CREATED","payload":{"uid":"u1"}}', false],
  ["the moment alone", `{"title":"Intro","createdAt":"${STAMP}"}`, true],
  ["the booking and the moment", `{"uid":"u1","createdAt":"${STAMP}"}`, true],
  ["booking and moment in an envelope", `{"triggerEvent":"T","createdAt":"${STAMP}","payload":{"uid":"u1"}}`, true],
  ["the moment among a form's fields", `createdAt=${STAMP}&title=Intro`, true],
  ["what may be changed there and back", '{"triggerEvent":"BOOKING_NO_SHOW_UPDATED","bookingUid":"u1"}', false],
  ["neither booking nor moment", '{"title":"Intro"}', false],
  ["fields of a form", "title=Intro&guest=ada", false],
  ["text", "A new booking", false],
  ["what a broken template comes to", "false", false],
])("a template's body that says %s, sent again", (_, body, isSame) => {
  expect(isRepeat(body, body)).toBe(isSame);
  expect(isRepeat(body, body.replace(".512Z", ".515Z"))).toBe(isSame);
  expect(isRepeat(body, body.replace(":00.512Z", ":02.512Z"))).toBe(isSame && !body.includes(STAMP));
});

/** Whether the second is taken for the first, sent again. */
function isRepeat(first: string, second: string): boolean {
  const [kept] = readBody(first).duplicateKeys;
  return kept !== undefined && readBody(second).duplicateKeys.includes(kept);
}

function to(fields: Readonly<Record<string, Json>>): Change {
  return (payload) => void Object.assign(payload, fields);
}

function both(...changes: readonly Change[]): Change {
  return (payload, body) => changes.forEach((change) => change(payload, body));
}

function later(ms: number): Change {
  return (_payload, body) => restamp(body, (time) => time + ms);
}

/** So many milliseconds after the second that the sample was sent in. */
function stampedAt(ms: number): Change {
  return (payload, body) => {
    // What a flat body has at its root is when the booking was made.
    if (payload !== body) restamp(body, (time) => Math.floor(time / 1_000) * 1_000 + ms);
  };
}

function restamp(body: Fields, move: (time: number) => number): void {
  const { createdAt } = body;
  if (typeof createdAt !== "string") throw new Error("the sample has no createdAt");
  body["createdAt"] = new Date(move(Date.parse(createdAt))).toISOString();
}

function host(name: string): Change {
  return (payload) => {
    delete payload["hostEmail"];
    payload["message"] = `${name} did not join`;
  };
}

function linkless(payload: Fields): void {
  delete payload["downloadLink"];
}

function waiting(minutes: number): Change {
  return to({ webhook: { time: minutes, timeUnit: "MINUTE" } });
}

function updated(at: string): Change {
  return (payload) => void Object.assign(payload["oooEntry"] ?? {}, { updatedAt: at });
}

/** The attendees' seat; null leaves its id out, as some versions do. */
function seat(id: string | null): Change {
  return (payload) => {
    payload["seatsPerTimeSlot"] = 12;
    for (const attendee of payload["attendees"] as Fields[]) {
      if (id === null) delete attendee["bookingSeat"];
      else attendee["bookingSeat"] = { referenceUid: id };
    }
  };
}

/** The seat keeps its id and is given the slot's uid. */
function moved(_payload: Fields, body: Fields): void {
  body["triggerEvent"] = "BOOKING_RESCHEDULED";
}
