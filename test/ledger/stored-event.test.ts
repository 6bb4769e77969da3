import { expect, test } from "vitest";
import { openBody } from "../../src/cal/envelope.ts";
import { sample } from "../../src/cal/samples.ts";
import { readStored, storedColumns } from "../../src/ledger/stored-event.ts";
import { sampleEvent } from "./samples.ts";

const compact = JSON.stringify(JSON.parse(sample("BOOKING_CREATED")));

test.each([
  ["compact, as Cal.com sends it", compact],
  ["flat, its own payload", JSON.stringify(JSON.parse(sample("MEETING_ENDED")))],
  ["indented", JSON.stringify(JSON.parse(compact), null, 2)],
  ["a form", "triggerEvent=BOOKING_CREATED&title=Garden visit"],
  ["text with a NUL and a surrogate pair", "a\u0000b\u{1f331}"],
  ["empty", ""],
])("an event comes back as it was: %s", (_, body) => {
  const event = sampleEvent("evt_one", "one", { body, payload: openBody(body).payload });
  expect(readStored(storedColumns(event))).toEqual(event);
});

test("a payload that stands in its body is kept once", () => {
  const event = sampleEvent("evt_one", "one", { body: compact, payload: openBody(compact).payload });
  const { event: row } = storedColumns(event);
  expect(row.length).toBeLessThan(JSON.stringify({ ...event, body: "", payload: null }).length + 50);
});

test.each(['{"id":"evt_one"}', "[]", "null", '{"id":7,"source":"cal"}'])(
  "what no relay has written is refused: %s",
  (row) => {
    expect(() => readStored({ event: row, body: "" })).toThrow(/./);
  },
);
