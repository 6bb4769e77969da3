import { expect, test } from "vitest";
import { readBody } from "../../src/cal/read.ts";
import { sample } from "../../src/cal/samples.ts";
import { read } from "./vary.ts";

test.each([
  ["BOOKING_CREATED", "hV3kRz9TqYw2LmXc7NbP4d"],
  ["BOOKING_NO_SHOW_UPDATED", "wN5xJt8KbMz3PqHd6RfY2s"],
  ["AFTER_HOSTS_CAL_VIDEO_NO_SHOW", "wN5xJt8KbMz3PqHd6RfY2s"],
  ["WRONG_ASSIGNMENT_REPORT", "wN5xJt8KbMz3PqHd6RfY2s"],
  ["INSTANT_MEETING", "kT6zFh3WpVd8SmNc1JqR7x"],
  ["INSTANT_MEETING_ACCEPTED", "kT6zFh3WpVd8SmNc1JqR7x"],
  ["RECORDING_READY", "wN5xJt8KbMz3PqHd6RfY2s"],
])("%s names its booking", (name, uid) => {
  expect(readBody(sample(name)).identity?.uid).toBe(uid);
});

test.each(["PING", "FORM_SUBMITTED", "OOO_CREATED", "DELEGATION_CREDENTIAL_ERROR", "TEMPLATE"])(
  "%s has no booking",
  (name) => {
    expect(readBody(sample(name)).identity).toBeNull();
  },
);

test("a meeting's fromReschedule is the uid before", () => {
  expect(read("MEETING_ENDED.old").identity).toEqual({
    uid: "mB7tDc2XnLq9FsRj4WgV8k",
    previousUid: "pQ8sWf5JtGx1ZrKv6CyH3n",
    rootUid: "hV3kRz9TqYw2LmXc7NbP4d",
  });
});

test("a reschedule that has to be confirmed names the uid before, its confirmation only the first", () => {
  const requested = read("BOOKING_REQUESTED.reschedule").identity;
  const confirmed = read("BOOKING_CREATED.confirmed-reschedule").identity;
  expect(confirmed?.uid).toBe(requested?.uid);
  expect(requested?.previousUid).toBe("tF7fSn2ZxBj4MwGq9VcK6r");
  expect(confirmed?.rootUid).toBe("tF7fSn2ZxBj4MwGq9VcK6r");
});

test.each([
  ["first@Cal.com", "first"],
  ["first@CAL.COM", "first"],
  ["first@example.com", null],
  ["first@cal.com.example.org", null],
  ["@Cal.com", null],
  [12, null],
])("iCalUID %j tells the first uid %j", (iCalUID, rootUid) => {
  expect(read("BOOKING_CREATED", (booking) => void (booking["iCalUID"] = iCalUID)).identity?.rootUid).toBe(rootUid);
});

test("a seat that moves to another slot does not make one booking of two slots", () => {
  const { identity } = read("BOOKING_CREATED.seat", (booking) => void (booking["rescheduleUid"] = "the-other-slot"));
  expect(identity).toEqual({ uid: "rX2bNq6MvCt9GkLw4ZsD8f", previousUid: null, rootUid: null });
});

test("occurrences of a series stay apart", () => {
  const first = read("BOOKING_CREATED.recurring").identity;
  const second = read("BOOKING_CREATED.recurring-second").identity;
  expect(first?.uid).not.toBe(second?.uid);
  expect([first?.rootUid, second?.rootUid]).toEqual([null, null]);
});

test.each([[""], ["with space"], ["nul\u0000"], ["lone \ud800"], ["x".repeat(201)], [12], [null], [{}]])(
  "%j is no uid",
  (uid) => {
    expect(read("BOOKING_CREATED", (booking) => void (booking["uid"] = uid)).identity).toBeNull();
  },
);
