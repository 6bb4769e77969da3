import { expect, test } from "vitest";
import { readBody } from "../../src/cal/read.ts";
import { sample } from "../../src/cal/samples.ts";
import { read } from "./vary.ts";

test("a created booking says all of it", () => {
  expect(said("BOOKING_CREATED")).toEqual({
    uid: "hV3kRz9TqYw2LmXc7NbP4d",
    id: 910301,
    status: "ACCEPTED",
    title: "Strategy session between Mara Lindqvist and Priya Raman",
    type: "strategy-session",
    start: "2026-12-01T15:00:00.000Z",
    end: "2026-12-01T15:45:00.000Z",
    minutes: 45,
    location: "integrations:daily",
    meetingUrl: "https://app.example.com/video/hV3kRz9TqYw2LmXc7NbP4d",
    price: 0,
    currency: "eur",
    sequence: 0,
    organizer: {
      name: "Mara Lindqvist",
      email: "mara@example.com",
      timeZone: "Europe/Berlin",
      locale: "en",
      phone: null,
      hourCycle: 24,
    },
    attendees: [
      {
        name: "Priya Raman",
        email: "priya@example.org",
        timeZone: "America/New_York",
        locale: "en",
        phone: "+12125550147",
        hourCycle: null,
      },
    ],
    guests: [],
    cancellation: { reason: null, by: null, requestReschedule: null },
    reschedule: { fromUid: null, fromStart: null, fromEnd: null, by: null, reason: null },
    rejection: { reason: null },
    isPartial: false,
    isOneSeat: false,
  });
});

test("a reschedule says where it came from, at the old times", () => {
  expect(said("BOOKING_RESCHEDULED").reschedule).toEqual({
    fromUid: "hV3kRz9TqYw2LmXc7NbP4d",
    fromStart: "2026-12-01T15:00:00.000Z",
    fromEnd: "2026-12-01T15:45:00.000Z",
    by: "priya@example.org",
    reason: "Travelling on Tuesday",
  });
});

test("hosted Cal.com's cancellationReason of a reschedule is no cancellation", () => {
  const { reschedule, cancellation } = said("BOOKING_RESCHEDULED.again");
  expect(reschedule).toMatchObject({ by: "mara@example.com", reason: "Conference moved" });
  expect(cancellation.reason).toBeNull();
  expect(said("BOOKING_REQUESTED.reschedule").reschedule.reason).toBe("Need another day");
});

test("a cancellation says why, by whom, and whether another time is asked for", () => {
  const by = "mara@example.com";
  const reason = "Please reschedule. I am ill this week.";
  expect(said("BOOKING_CANCELLED").cancellation).toEqual({
    reason: "We chose another date by phone",
    by: "priya@example.org",
    requestReschedule: false,
  });
  expect(said("BOOKING_CANCELLED.request-reschedule").cancellation).toEqual({ reason, by, requestReschedule: true });
  const older = said("BOOKING_CANCELLED.request-reschedule", (booking) => void delete booking["requestReschedule"]);
  expect(older.cancellation.requestReschedule).toBe(true);
  const nobody = said("BOOKING_CANCELLED.old", (booking) => void (booking["cancellationReason"] = reason));
  expect(nobody.cancellation).toEqual({ reason, by: null, requestReschedule: null });
});

test("cancelling a booking that was rescheduled gives no reason for the reschedule", () => {
  const booking = said("BOOKING_CANCELLED", (payload) => void (payload["rescheduleUid"] = "pQ8sWf5JtGx1ZrKv6CyH3n"));
  expect(booking.cancellation.reason).toBe("We chose another date by phone");
  expect(booking.reschedule).toMatchObject({ fromUid: "pQ8sWf5JtGx1ZrKv6CyH3n", reason: null });
});

test("a rejection says why", () => {
  expect(said("BOOKING_REJECTED")).toMatchObject({
    status: "REJECTED",
    rejection: { reason: "The office is closed that day" },
  });
});

test.each([
  ["BOOKING_REQUESTED", "PENDING"],
  ["BOOKING_CREATED", "ACCEPTED"],
  ["BOOKING_CANCELLED", "CANCELLED"],
  ["BOOKING_REJECTED", "REJECTED"],
  ["BOOKING_PAID", null],
])("%s without a status implies %j", (name, status) => {
  expect(said(name, (booking) => void delete booking["status"]).status).toBe(status);
});

test("a status in lower case is spelled as Cal.com's webhooks spell it", () => {
  expect(said("BOOKING_CREATED", (booking) => void (booking["status"] = "awaiting_host")).status).toBe("AWAITING_HOST");
});

test("a meeting's row says host and attendees as people", () => {
  const { organizer, attendees, id, isPartial } = said("MEETING_STARTED");
  expect({ id, isPartial }).toEqual({ id: 910322, isPartial: true });
  expect(organizer).toMatchObject({ name: "Jonas Weber", email: "jonas@example.com", locale: "de" });
  expect(attendees[0]).toMatchObject({ name: "Tom Okafor", timeZone: "Europe/London", locale: "en" });
  const { organizer: other } = said("MEETING_STARTED", (row) => void delete row["user"]);
  expect(other).toMatchObject({ name: null, email: "jonas@example.com" });
});

test("who asks for an instant meeting is its attendee", () => {
  expect(said("INSTANT_MEETING")).toMatchObject({
    title: "Talk to us now",
    status: null,
    attendees: [{ name: "Ana Sousa", email: "ana@example.org" }],
  });
});

test("a report of a wrong assignment says the booking, its host and its guest", () => {
  expect(said("WRONG_ASSIGNMENT_REPORT")).toMatchObject({
    id: 910322,
    type: "product-workshop",
    organizer: { name: "Mara Lindqvist" },
    attendees: [{ email: "tom@example.org" }],
    isPartial: true,
  });
});

test.each(["RECORDING_READY", "PING"])("the type of %s is a title, not a slug", (name) => {
  expect(said(name).type).toBeNull();
});

test.each([
  ["30min", "30min"],
  ["intro-call-with-dr.-example", "intro-call-with-dr.-example"],
  ["Consultation Session", null],
  ["Consultation", null],
  ["", null],
])("the type %j reads as %j", (type, expected) => {
  expect(said("BOOKING_PAID", (booking) => void (booking["type"] = type)).type).toBe(expected);
});

test.each([
  ["h:mma", 12],
  ["h:mm a", 12],
  ["HH:mm", 24],
  [12, 12],
  [24, 24],
  [null, null],
  ["", null],
  [7, null],
])("timeFormat %j is a clock of %j hours", (timeFormat, hourCycle) => {
  const { organizer } = said("BOOKING_CREATED", (booking) => {
    booking["organizer"] = { name: "Mara", timeFormat };
  });
  expect(organizer.hourCycle).toBe(hourCycle);
});

test("the meeting's link is the one to share, then the room's, then the location", () => {
  const without = (...keys: string[]) =>
    said("BOOKING_CREATED", (booking) => {
      booking["location"] = "https://example.com/room";
      for (const one of keys) delete booking[one];
    }).meetingUrl;
  expect(without()).toBe("https://app.example.com/video/hV3kRz9TqYw2LmXc7NbP4d");
  expect(without("metadata")).toBe("https://meetings.example.com/room-hV3kRz9T");
  expect(without("metadata", "videoCallData")).toBe("https://example.com/room");
  expect(said("BOOKING_REQUESTED").meetingUrl).toBeNull();
  expect(said("BOOKING_PAID").meetingUrl).toBeNull();
});

test.each([
  ["2026-12-01T15:00:00Z", "2026-12-01T15:00:00.000Z"],
  ["2026-12-01T15:00:00.000Z", "2026-12-01T15:00:00.000Z"],
  ["2026-12-01T16:00:00+01:00", "2026-12-01T15:00:00.000Z"],
  ["2026-12-01T09:30:00-05:30", "2026-12-01T15:00:00.000Z"],
  ["2026-12-01T15:00:00", null],
  ["2026-12-01", null],
  ["2026-02-30T99:00:00Z", null],
  ["soon", null],
  [1764601200, null],
])("startTime %j is the instant %j", (startTime, start) => {
  expect(said("BOOKING_CREATED", (booking) => void (booking["startTime"] = startTime)).start).toBe(start);
});

test("minutes come from the times, else from the length", () => {
  expect(said("BOOKING_CREATED", (booking) => void (booking["length"] = 5)).minutes).toBe(45);
  expect(said("BOOKING_CREATED", (booking) => void delete booking["endTime"]).minutes).toBe(45);
  expect(said("RECORDING_READY").minutes).toBe(60);
  expect(said("BOOKING_CREATED", (booking) => void (booking["endTime"] = "2026-12-01T14:00:00Z")).minutes).toBe(45);
});

test.each([
  [0, 0],
  [-30, null],
  ["20", 20],
  ["soon", null],
])("a length of %j is %j minutes where the times do not say", (length, minutes) => {
  const booking = said("BOOKING_CREATED", (payload) => {
    payload["length"] = length;
    delete payload["endTime"];
  });
  expect(booking.minutes).toBe(minutes);
});

test("guests are addresses, and silence is not the same as nobody", () => {
  expect(said("BOOKING_REQUESTED").guests).toEqual(["lena@example.org"]);
  expect(said("BOOKING_CREATED").guests).toEqual([]);
  expect(said("BOOKING_PAID").guests).toBeNull();
});

test("a form says nothing of a booking", () => {
  expect(said("FORM_SUBMITTED")).toMatchObject({ uid: null, title: null, status: null, attendees: [], guests: null });
});

test("fields of a wrong type are passed over, one by one", () => {
  const booking = said("BOOKING_CREATED", (payload) => {
    payload["title"] = { text: "x" };
    payload["organizer"] = "Mara";
    payload["attendees"] = [null, "Priya", { email: "priya@example.org" }];
    payload["metadata"] = { videoCallUrl: "javascript:alert(1)" };
    payload["videoCallData"] = [];
    payload["iCalSequence"] = 1.5;
    payload["price"] = "1200";
  });
  expect(booking).toMatchObject({
    title: null,
    organizer: { name: null },
    meetingUrl: null,
    sequence: null,
    price: 1200,
  });
  expect(booking.attendees.map(({ email }) => email)).toEqual(["priya@example.org"]);
});

test("times in any spelling give the same booking", () => {
  const spelled = sample("BOOKING_RESCHEDULED").replace(/(:00)Z"/g, '$1+00:00"');
  expect(spelled).not.toBe(sample("BOOKING_RESCHEDULED"));
  expect(readBody(spelled).said).toEqual(said("BOOKING_RESCHEDULED"));
});

function said(name: string, change?: Parameters<typeof read>[1]) {
  return read(name, change).said;
}
