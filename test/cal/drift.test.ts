import { expect, test } from "vitest";
import { read } from "./vary.ts";

test("says where a payload does not fit, with types and without values", () => {
  const { drift, payload } = read("BOOKING_CREATED", (booking) => {
    booking["startTime"] = 1764601200;
    booking["endTime"] = "tomorrow";
    delete booking["uid"];
    booking["destinationCalendar"] = "mine";
  });
  expect(drift.toSorted()).toEqual([
    "payload.destinationCalendar: expected array or object, got string",
    "payload.endTime: expected ISO 8601 time, got string",
    "payload.startTime: expected string, got number",
    "payload.uid: expected string, got nothing",
  ]);
  expect(payload).toMatchObject({ startTime: 1764601200, destinationCalendar: "mine" });
});

test("hides keys that are no plain names, which may be personal", () => {
  const { drift } = read("FORM_SUBMITTED", (form) => {
    form["responses"] = { "ana@example.org": 12 };
  });
  expect(drift).toEqual(["payload.responses.*: expected object, got number"]);
});

test("lists at most twenty", () => {
  const { drift } = read("BOOKING_CREATED", (booking) => {
    booking["attendees"] = Array.from({ length: 50 }, () => "nobody");
  });
  expect(drift).toHaveLength(20);
});

test("fields that nobody has heard of are no drift", () => {
  const { drift } = read("BOOKING_CREATED", (booking) => {
    booking["somethingNew"] = { at: "last" };
  });
  expect(drift).toEqual([]);
});

test.each([
  ["an array", []],
  ["null", null],
  ["an object, as it once was", { id: 1, integration: "apple_calendar" }],
])("destinationCalendar may be %s", (_name, calendar) => {
  const { drift } = read("BOOKING_CREATED", (booking) => {
    booking["destinationCalendar"] = calendar;
  });
  expect(drift).toEqual([]);
});
