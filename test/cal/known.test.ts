import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Booking, Json } from "../../src/event.ts";
import { completeBooking, type Completion } from "../../src/cal/known.ts";
import { readBody } from "../../src/cal/read.ts";
import { chain, sample } from "../../src/cal/samples.ts";
import { vary } from "./vary.ts";

const key = "the-booking";
const workshop = [
  "BOOKING_REQUESTED",
  "BOOKING_PAYMENT_INITIATED",
  "BOOKING_PAID",
  "BOOKING_LOCATION_UPDATED",
  "BOOKING_REASSIGNED",
  "MEETING_STARTED",
  "BOOKING_NO_SHOW_UPDATED",
  "WRONG_ASSIGNMENT_REPORT",
];
const receivedAt = "2026-12-05T00:00:00.000Z";

test("a thin event knows what earlier ones said", () => {
  const { booking } = last("BOOKING_REQUESTED", "BOOKING_PAID", "BOOKING_REASSIGNED", "BOOKING_NO_SHOW_UPDATED");
  expect(booking).toMatchObject({
    key,
    uid: "wN5xJt8KbMz3PqHd6RfY2s",
    status: "ACCEPTED",
    title: "Product workshop between Jonas Weber and Tom Okafor",
    start: "2026-12-04T10:00:00.000Z",
    price: 9000,
    organizer: { name: "Jonas Weber" },
    attendee: { name: "Tom Okafor" },
    guests: ["lena@example.org"],
  });
});

test("a thin event that comes first leaves room for everything", () => {
  const { booking } = last("BOOKING_NO_SHOW_UPDATED", "BOOKING_REQUESTED");
  expect(booking.attendees.map(({ name, email }) => name ?? email)).toEqual(["Tom Okafor", "lena@example.org"]);
  expect(booking.status).toBe("PENDING");
});

test("a snapshot that comes first, with a sequence and a late receipt, gives way to what was said earlier", () => {
  const stale = vary("MEETING_STARTED", (row) => void (row["title"] = "An old title"));
  expect(lastOf([stale, sample("BOOKING_REASSIGNED")]).known).toMatchObject({
    fields: { title: "Product workshop between Jonas Weber and Tom Okafor" },
  });
});

test("a thin event of a row that has been rescheduled since names its own row", () => {
  const { known } = last("BOOKING_CREATED", "BOOKING_RESCHEDULED");
  const thin = '{"triggerEvent":"BOOKING_NO_SHOW_UPDATED","payload":{"bookingUid":"hV3kRz9TqYw2LmXc7NbP4d"}}';
  const { booking } = completeBooking(readBody(thin), key, known, receivedAt);
  expect(booking).toMatchObject({ uid: "hV3kRz9TqYw2LmXc7NbP4d", id: null, start: "2026-12-02T16:00:00.000Z" });
});

test("a number stays with its uid, and an end with its start", () => {
  const terse = vary("BOOKING_RESCHEDULED", (booking) => {
    delete booking["bookingId"];
    delete booking["endTime"];
  });
  expect(lastOf([sample("BOOKING_CREATED"), terse]).booking).toMatchObject({
    id: null,
    start: "2026-12-02T16:00:00.000Z",
    end: null,
    minutes: 45,
  });
});

test("a stale snapshot does not overwrite", () => {
  const stale = vary("MEETING_STARTED", (row) => {
    row["title"] = "An old title";
    row["location"] = "integrations:daily";
    row["metadata"] = {};
    row["status"] = "PENDING";
  });
  const { booking, known } = lastOf([sample("BOOKING_REASSIGNED"), stale]);
  expect(booking).toMatchObject({ title: "Product workshop between Jonas Weber and Tom Okafor", status: "ACCEPTED" });
  expect(booking.meetingUrl).toBe("https://meet.example.com/product-workshop");
  expect(completeBooking(readBody(sample("BOOKING_NO_SHOW_UPDATED")), key, known, receivedAt).booking.title).toBe(
    booking.title,
  );
});

test("null never overwrites", () => {
  const { booking } = last(...chain);
  expect(booking).toMatchObject({ status: "CANCELLED", price: 0, sequence: 3, uid: "mB7tDc2XnLq9FsRj4WgV8k" });
  expect(booking.reschedule).toMatchObject({ fromUid: "pQ8sWf5JtGx1ZrKv6CyH3n", reason: "Conference moved" });
});

test.each([
  [chain, { status: "CANCELLED", start: "2026-12-03T15:30:00.000Z", sequence: 3 }],
  [workshop, { status: "ACCEPTED", organizer: { name: "Jonas Weber" }, price: 9000, guests: ["lena@example.org"] }],
])("the view after all events is the same in whatever order they came: %j", (names, expected) => {
  const view = completed(last(...names).known);
  expect(view).toMatchObject(expected);
  fc.assert(
    fc.property(fc.shuffledSubarray([...names], { minLength: names.length }), (order) => {
      expect(completed(last(...order).known)).toEqual(view);
    }),
  );
});

test("an older event that comes late says its own, completed with the rest", () => {
  const late = last("BOOKING_CANCELLED", "BOOKING_CREATED");
  expect(late.booking).toMatchObject({
    uid: "hV3kRz9TqYw2LmXc7NbP4d",
    status: "ACCEPTED",
    start: "2026-12-01T15:00:00.000Z",
    sequence: 0,
    cancellation: { reason: null },
  });
  expect(completed(late.known)).toMatchObject({ status: "CANCELLED", uid: "mB7tDc2XnLq9FsRj4WgV8k", price: 0 });
});

test("without a sequence the later createdAt is newer", () => {
  const early = unnumbered("2026-11-23T09:00:00.000Z", "early");
  const late = unnumbered("2026-11-23T10:00:00+00:00", "late");
  expect(completed(lastOf([early, late]).known).title).toBe("late");
  expect(completed(lastOf([late, early]).known).title).toBe("late");
});

test("the sequence counts before createdAt", () => {
  const high = vary("BOOKING_CREATED", (booking) => {
    booking["iCalSequence"] = 7;
    booking["title"] = "seventh";
  });
  expect(completed(lastOf([high, sample("BOOKING_CANCELLED")]).known).title).toBe("seventh");
});

test("an event that does not say when it happened counts as of its receipt", () => {
  const templated = '{"triggerEvent":"BOOKING_CREATED","uid":"hV3kRz9TqYw2LmXc7NbP4d","title":"A new title"}';
  const { booking } = lastOf([sample("BOOKING_CREATED"), templated]);
  expect(booking).toMatchObject({ title: "A new title", type: "strategy-session", sequence: 0 });
});

test("a cancellation and a rejection leave with their status", () => {
  const cancelled = last("BOOKING_CREATED", "BOOKING_CANCELLED");
  expect(cancelled.booking.cancellation.by).toBe("priya@example.org");
  const again = vary("BOOKING_RESCHEDULED.again", (booking) => void (booking["iCalSequence"] = 4));
  const { booking } = completeBooking(readBody(again), key, cancelled.known, receivedAt);
  expect(booking).toMatchObject({
    status: "ACCEPTED",
    cancellation: { reason: null, by: null, requestReschedule: null },
  });
  const accepted = vary("BOOKING_REJECTED", (payload, body) => {
    payload["status"] = "ACCEPTED";
    body["triggerEvent"] = "BOOKING_CREATED";
    body["createdAt"] = "2026-11-24T08:00:00.000Z";
  });
  expect(last("BOOKING_REJECTED").booking.rejection.reason).toBe("The office is closed that day");
  expect(lastOf([sample("BOOKING_REJECTED"), accepted]).booking.rejection.reason).toBeNull();
});

test("a later reschedule does not inherit the earlier one's reason", () => {
  const silent = vary("BOOKING_RESCHEDULED.again", (booking) => void delete booking["cancellationReason"]);
  expect(lastOf([sample("BOOKING_RESCHEDULED"), silent]).booking.reschedule).toMatchObject({
    fromUid: "pQ8sWf5JtGx1ZrKv6CyH3n",
    reason: null,
  });
});

test("the confirmation of a reschedule keeps where it came from", () => {
  const { booking } = last("BOOKING_REQUESTED.reschedule", "BOOKING_CREATED.confirmed-reschedule");
  expect(booking).toMatchObject({
    status: "ACCEPTED",
    reschedule: { fromUid: "tF7fSn2ZxBj4MwGq9VcK6r", reason: "Need another day" },
  });
});

test("another host replaces the former, whole", () => {
  const jonas = vary("BOOKING_REASSIGNED", (booking) => {
    booking["organizer"] = { name: "Jonas Weber", email: "jonas@example.com" };
  });
  const { organizer } = lastOf([sample("BOOKING_REQUESTED"), jonas]).booking;
  expect(organizer).toMatchObject({ name: "Jonas Weber", timeZone: null, hourCycle: null });
});

test("the same people complete each other by address", () => {
  const terse = vary("BOOKING_RESCHEDULED", (booking) => {
    booking["attendees"] = [{ email: "PRIYA@example.org", name: "Priya R." }];
  });
  const { attendees } = lastOf([sample("BOOKING_CREATED"), terse]).booking;
  expect(attendees).toMatchObject([{ name: "Priya R.", timeZone: "America/New_York", phone: "+12125550147" }]);
});

test("very many attendees are completed in no time", () => {
  const crowded = vary("BOOKING_CREATED", (booking) => {
    booking["attendees"] = Array.from({ length: 20_000 }, (_, n) => ({ email: `guest${n}@example.org` }));
  });
  expect(lastOf([crowded, crowded]).booking.attendees).toHaveLength(20_000);
});

test("guests who are taken off are gone, and an event silent of guests leaves them", () => {
  const without = vary("BOOKING_LOCATION_UPDATED", (booking) => {
    booking["responses"] = { guests: { label: "additional_guests", value: [] } };
  });
  expect(last("BOOKING_REQUESTED", "BOOKING_PAID").booking.guests).toEqual(["lena@example.org"]);
  expect(lastOf([sample("BOOKING_REQUESTED"), without]).booking.guests).toEqual([]);
});

test("a booking moved from a call to a place has no link any more", () => {
  const moved = vary("BOOKING_LOCATION_UPDATED", (booking) => {
    booking["location"] = "1 Canal Street, Hamburg";
    booking["metadata"] = {};
    booking["iCalSequence"] = 3;
  });
  expect(lastOf([sample("BOOKING_REASSIGNED"), moved]).booking.meetingUrl).toBeNull();
  expect(lastOf([moved, sample("BOOKING_REASSIGNED")]).known).toMatchObject({ fields: { meetingUrl: null } });
});

test("a booking moved to another kind of call does not keep the old call's link", () => {
  const moved = (location: string) =>
    vary("BOOKING_REASSIGNED", (booking) => {
      booking["location"] = location;
      booking["metadata"] = {};
      booking["iCalSequence"] = 3;
      delete booking["videoCallData"];
    });
  const { booking: before } = last("BOOKING_CREATED");
  expect(lastOf([sample("BOOKING_CREATED"), moved("integrations:zoom")]).booking.meetingUrl).toBeNull();
  expect(lastOf([sample("BOOKING_CREATED"), moved("integrations:daily")]).booking.meetingUrl).toBe(before.meetingUrl);
});

test("one seat cancelled is shown as cancelled, and the slot lives on", () => {
  const { booking, known } = last("BOOKING_CREATED.seat", "BOOKING_CREATED.second-seat", "BOOKING_CANCELLED.seat");
  expect(booking).toMatchObject({ status: "CANCELLED", attendee: { name: "Priya Raman" } });
  expect(completed(known)).toMatchObject({ status: "ACCEPTED", attendee: { name: "Tom Okafor" } });
  const early = last("BOOKING_CANCELLED.seat", "BOOKING_CREATED.second-seat").known;
  expect(completed(early)).toMatchObject({ status: "ACCEPTED", cancellation: { by: null } });
});

test("an event without a booking leaves nothing known", () => {
  const { booking, known } = completeBooking(readBody(sample("OOO_CREATED")), "evt_1", null, receivedAt);
  expect(known).toBeNull();
  expect(booking).toMatchObject({ key: "evt_1", uid: null, title: null, attendee: { email: null }, guests: [] });
});

test.each([["text"], [[]], [{}], [{ order: null, fields: {} }], [12]])("a kept view of %j counts as none", (kept) => {
  const reading = readBody(sample("BOOKING_CREATED"));
  expect(completeBooking(reading, key, kept, receivedAt)).toEqual(completeBooking(reading, key, null, receivedAt));
});

function unnumbered(createdAt: string, title: string): string {
  return vary("BOOKING_CREATED", (booking, body) => {
    delete booking["iCalSequence"];
    booking["title"] = title;
    body["createdAt"] = createdAt;
  });
}

function last(...names: readonly string[]): Completion {
  return lastOf(names.map((name) => sample(name)));
}

function lastOf(bodies: readonly string[]): Completion {
  const completions: Completion[] = [];
  for (const body of bodies)
    completions.push(completeBooking(readBody(body), key, stored(completions.at(-1)?.known ?? null), receivedAt));
  const end = completions.at(-1);
  if (end === undefined) throw new Error("no bodies given");
  return end;
}

/** What a thin event of the booking would be shown with. */
function completed(known: Json | null): Booking {
  const thin = readBody('{"triggerEvent":"BOOKING_NO_SHOW_UPDATED","payload":{"bookingUid":"mB7tDc2XnLq9FsRj4WgV8k"}}');
  return completeBooking(thin, key, known, receivedAt).booking;
}

/** As a ledger gives it back. */
function stored(known: Json | null): Json | null {
  return JSON.parse(JSON.stringify(known)) as Json | null;
}
