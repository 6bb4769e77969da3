import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../src/event.ts";
import { readBody } from "../../src/cal/read.ts";
import { sample, sampleNames } from "../../src/cal/samples.ts";
import { read, vary } from "./vary.ts";

const keyed = sampleNames.filter((name) => keyOf(sample(name)) !== null);

test("all but pings and templates that name no event can be told from a repeat", () => {
  expect(sampleNames.filter((name) => !keyed.includes(name))).toEqual([
    "PING",
    "TEMPLATE",
    "TEMPLATE.form",
    "TEMPLATE.false",
  ]);
});

test.each(keyed)("%s is the same event for a second subscription, stamped moments later", (name) => {
  const other = vary(name, (payload, body) => {
    const { createdAt } = body;
    if (payload !== body && typeof createdAt === "string") body["createdAt"] = createdAt.replace(/\.\d+Z$/, ".999Z");
  });
  expect(keyOf(other)).toBe(key(name));
});

test.each(keyed)("%s is the same event whatever the order of its keys", (name) => {
  const backwards = JSON.stringify(reversed(JSON.parse(sample(name)) as Json));
  expect(backwards).not.toBe(sample(name));
  expect(keyOf(backwards)).toBe(key(name));
});

test.each(["2026-12-01T15:00:00.000Z", "2026-12-01T15:00:00+00:00", "2026-12-01T10:00:00-05:00"])(
  "the start spelled %s is the same start",
  (spelling) => {
    expect(key("BOOKING_CREATED", (booking) => void (booking["startTime"] = spelling))).toBe(key("BOOKING_CREATED"));
  },
);

test("no two of the samples are taken for one another, but for the shapes of one event", () => {
  const shapes = ["MEETING_STARTED.wrapped", "BOOKING_PAID.without-metadata"];
  const keys = keyed.filter((name) => !shapes.includes(name)).map((name) => key(name));
  expect(new Set(keys).size).toBe(keys.length);
  expect(key("MEETING_STARTED.wrapped")).toBe(key("MEETING_STARTED"));
  expect(key("BOOKING_PAID.without-metadata")).toBe(key("BOOKING_PAID"));
});

test("seats of one slot are events of their own, with and without the seats' ids", () => {
  expect(key("BOOKING_CREATED.seat")).not.toBe(key("BOOKING_CREATED.second-seat"));
  const nameless = (name: string) =>
    key(name, (booking, body) => {
      body["createdAt"] = "2026-11-23T11:00:00.000Z";
      for (const attendee of booking["attendees"] as { bookingSeat?: Json }[]) delete attendee.bookingSeat;
    });
  expect(nameless("BOOKING_CREATED.seat")).not.toBe(nameless("BOOKING_CREATED.second-seat"));
});

test("a seat taken again by the same person is a new event", () => {
  const again = key("BOOKING_CREATED.seat", (booking, body) => {
    for (const attendee of booking["attendees"] as { bookingSeat?: Json }[]) delete attendee.bookingSeat;
    body["createdAt"] = "2026-11-23T16:40:00.000Z";
  });
  expect(again).not.toBe(key("BOOKING_CREATED.seat"));
});

test.each([
  ["iCalSequence", 4],
  ["status", "REJECTED"],
  ["endTime", "2026-12-03T17:00:00Z"],
  ["uid", "another"],
])("a change of another %s is another event", (field, value) => {
  expect(key("BOOKING_CANCELLED", (booking) => void (booking[field] = value))).not.toBe(key("BOOKING_CANCELLED"));
});

test("marked absent, unmarked, marked again: three events", () => {
  const marked = key("BOOKING_NO_SHOW_UPDATED");
  const unmarked = key("BOOKING_NO_SHOW_UPDATED.undone");
  const again = key(
    "BOOKING_NO_SHOW_UPDATED",
    (_payload, body) => void (body["createdAt"] = "2026-12-04T11:05:51.003Z"),
  );
  expect(new Set([marked, unmarked, again]).size).toBe(3);
});

test("a location changed there, back and there again: three events, even at one sequence", () => {
  const there = key("BOOKING_LOCATION_UPDATED");
  const back = key("BOOKING_LOCATION_UPDATED", (booking, body) => {
    [booking["location"], booking["previousLocation"]] = [
      booking["previousLocation"] ?? null,
      booking["location"] ?? null,
    ];
    body["createdAt"] = "2026-11-24T09:31:20.000Z";
  });
  const again = key(
    "BOOKING_LOCATION_UPDATED",
    (_booking, body) => void (body["createdAt"] = "2026-11-24T09:31:30.000Z"),
  );
  expect(new Set([there, back, again]).size).toBe(3);
});

test("an absence is one event for each host and each waiting time", () => {
  expect(key("AFTER_HOSTS_CAL_VIDEO_NO_SHOW")).not.toBe(key("AFTER_HOSTS_CAL_VIDEO_NO_SHOW.second-host"));
  const later = key(
    "AFTER_HOSTS_CAL_VIDEO_NO_SHOW",
    (payload) => void (payload["webhook"] = { time: 10, timeUnit: "MINUTE" }),
  );
  expect(later).not.toBe(key("AFTER_HOSTS_CAL_VIDEO_NO_SHOW"));
});

test("a meeting's start sent twice by overlapping cron runs is one event", () => {
  const late = key(
    "MEETING_STARTED.wrapped",
    (_payload, body) => void (body["createdAt"] = "2026-12-04T10:03:00.000Z"),
  );
  expect(late).toBe(key("MEETING_STARTED"));
});

test("the same form filled in twice is two events, told by response or by moment", () => {
  expect(key("FORM_SUBMITTED", hoursLater)).not.toBe(key("FORM_SUBMITTED"));
  expect(key("FORM_SUBMITTED_NO_EVENT", hoursLater)).toBe(key("FORM_SUBMITTED_NO_EVENT"));
  const other = key("FORM_SUBMITTED_NO_EVENT", (payload) => void (payload["responseId"] = 12078));
  expect(other).not.toBe(key("FORM_SUBMITTED_NO_EVENT"));
});

test("an unknown trigger is told by its payload and moment", () => {
  const keys = [unknown(1, 0), unknown(2, 0), unknown(1, 4)].map((one) => keyOf(one));
  expect(new Set(keys).size).toBe(3);
});

test("a template's body counts as a repeat only where it says which event it is", () => {
  const created = '{"at":"noon","createdAt":"2026-11-23T09:00:00.512Z"}';
  expect(keyOf(created)).toBe(keyOf(created.replace('"at"', ' "at"')));
  expect(keyOf(created)).not.toBeNull();
  expect(keyOf('{"uid":"u1","title":"Intro"}')).toBeNull();
});

test.each([
  ["in an envelope of its own", { triggerEvent: "BOOKING_CREATED", payload: { text: "A new booking" } }],
  ["of an absence", { triggerEvent: "BOOKING_NO_SHOW_UPDATED", bookingUid: "u1", message: "Tom was marked" }],
  ["of an absence, wrapped", { triggerEvent: "BOOKING_NO_SHOW_UPDATED", payload: { bookingUid: "u1" } }],
  ["of a place", { triggerEvent: "BOOKING_LOCATION_UPDATED", uid: "u1", location: "1 Canal Street" }],
  ["of a host", { triggerEvent: "BOOKING_REASSIGNED", uid: "u1", host: "mara@example.com" }],
  ["of a seat", { triggerEvent: "BOOKING_CREATED", payload: { uid: "u1", seatsPerTimeSlot: 5 } }],
])("a template's body %s that may come back word for word is a new event unless it has its moment", (_, body) => {
  const stamped = { ...body, createdAt: "2026-11-23T09:00:00.512Z" };
  expect(keyOf(JSON.stringify(body))).toBeNull();
  expect(keyOf(JSON.stringify(stamped))).not.toBeNull();
});

test("the key stays short and of harmless characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 5_000 }), (text) => {
      const body = JSON.stringify({
        triggerEvent: "BOOKING_CREATED",
        payload: { uid: "u", status: text, rescheduleUid: text, attendees: [{ email: text }] },
      });
      expect(keyOf(body)).toMatch(/^BOOKING_CREATED:[\w-]{32}$/);
    }),
  );
});

function hoursLater(_payload: unknown, body: { [key: string]: Json }): void {
  body["createdAt"] = "2026-11-23T13:00:00.000Z";
}

function unknown(a: number, second: number): string {
  return `{"triggerEvent":"NEW","createdAt":"2026-11-23T09:00:0${second}Z","payload":{"a":${a}}}`;
}

function key(name: string, change?: Parameters<typeof read>[1]): string | null {
  return read(name, change).duplicateKeys[0] ?? null;
}

/** What the body would be stored under. */
function keyOf(body: string): string | null {
  return readBody(body).duplicateKeys[0] ?? null;
}

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, inner]) => [name, reversed(inner)]),
  );
}
