import { expect, test } from "vitest";
import { onProblem } from "../../src/config/on.ts";

test.for(["*", "BOOKING_*", "BOOKING_CREATED", "AFTER_*"])("%s is fine", (pattern) => {
  expect(onProblem(pattern)).toBeNull();
});

test.for([
  "BOOKING_CREATE",
  "BOKING_CREATED",
  "MEETING_EDNED",
  "booking.created",
  "BOOKINGCREATED",
  "BOOKING_CANCELED",
])("%s is a slip", (name) => {
  expect(onProblem(name)).toMatchObject({ severity: "error", message: expect.stringContaining("did you mean") });
});

test.for(["BOOKING_TRANSFERRED", "MEETING_STARTING", "DELEGATION_CREDENTIAL_SECRET_CREATED", "FORM_SUBMITTED_TWICE"])(
  "%s may be a trigger that Cal.com has added",
  (name) => {
    expect(onProblem(name)).toMatchObject({ severity: "warning" });
  },
);

test.for(["PING", "PING*", "*_CREATED", "BOKING_*", "created", "BOOKING_CONFIRMED", "constructor", ""])(
  "%j can never match",
  (pattern) => {
    expect(onProblem(pattern)).toMatchObject({ severity: "error" });
  },
);
