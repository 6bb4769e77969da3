import { expect, test } from "vitest";
import type { Json } from "../../src/event.ts";
import { compileFilter } from "../../src/routing/filter.ts";
import { matchRoutes, onMatches, type Route } from "../../src/routing/match.ts";
import { exampleEvent } from "./example.ts";

const route = (overrides: Partial<Route> = {}): Route => ({
  name: "a",
  on: ["*"],
  from: null,
  filter: null,
  final: false,
  targets: [{ id: "a.0", sink: "team" }],
  ...overrides,
});

const filterOf = (query: Json) => compileFilter(query).filter;

function reasonOf(one: Route, event = exampleEvent()) {
  const { verdicts, matched } = matchRoutes([one], event);
  expect(matched).toEqual(verdicts[0]?.matched ? [one] : []);
  return verdicts[0]?.reason;
}

test.each<[string, string | null, boolean]>([
  ["BOOKING_CREATED", "BOOKING_CREATED", true],
  ["BOOKING_CREATED", "BOOKING_CREATED_2", false],
  ["BOOKING_*", "BOOKING_PAID", true],
  ["BOOKING_*", "MEETING_ENDED", false],
  ["BOOKING_*", null, false],
  ["*", "SOMETHING_NEW", true],
  ["*", null, true],
])("on: %s takes %s: %s", (pattern, trigger, expected) => {
  expect(onMatches(pattern, trigger)).toBe(expected);
});

test("gives every route its verdict and returns the matched ones in order", () => {
  const routes = [route({ name: "one" }), route({ name: "two", on: ["MEETING_*"] }), route({ name: "three" })];
  const { verdicts, matched } = matchRoutes(routes, exampleEvent());
  expect(verdicts.map(({ route: name, matched: did }) => [name, did])).toEqual([
    ["one", true],
    ["two", false],
    ["three", true],
  ]);
  expect(matched).toEqual([routes[0], routes[2]]);
  expect(verdicts[0]?.reason).toBeNull();
});

test("says which trigger was expected and which was seen", () => {
  expect(reasonOf(route({ on: ["BOOKING_PAID", "MEETING_*"] }))).toEqual({
    condition: "on",
    expected: ["BOOKING_PAID", "MEETING_*"],
    seen: "BOOKING_CREATED",
    text: 'on: expected BOOKING_PAID or MEETING_*, saw "BOOKING_CREATED"',
  });
  expect(reasonOf(route({ on: ["BOOKING_*"] }), exampleEvent({ trigger: null }))?.text).toBe(
    "on: expected BOOKING_*, saw no trigger",
  );
});

test("never routes PING, not even to *", () => {
  expect(reasonOf(route(), exampleEvent({ trigger: "PING" }))).toMatchObject({
    condition: "on",
    text: "on: PING is recorded and never routed",
  });
});

test("listens to the one source it names", () => {
  expect(reasonOf(route({ from: "cal" }))).toBeNull();
  expect(reasonOf(route({ from: "other" }))).toMatchObject({
    condition: "from",
    text: 'from: expected "other", saw "cal"',
  });
});

test("ends at a final route that matched, and only there", () => {
  const passed = route({ name: "passed", on: ["BOOKING_PAID"], final: true });
  const last = route({ name: "vip", final: true });
  const { verdicts, matched } = matchRoutes([passed, last, route({ name: "late" }), route()], exampleEvent());
  expect(matched).toEqual([last]);
  expect(verdicts.slice(2)).toMatchObject([
    { route: "late", reason: { condition: "final", seen: "vip", text: 'final: route "vip" matched and is final' } },
    { route: "a", reason: { condition: "final", seen: "vip" } },
  ]);
});

test.each<[Json, string]>([
  [{ "payload.type": "60min" }, 'filter.payload.type: expected "60min", saw "30min"'],
  [{ "payload.team.name": "x" }, 'filter.payload.team.name: expected "x", saw nothing'],
  [{ "booking.minutes": { $gt: 45 } }, "filter.booking.minutes: expected more than 45, saw 30"],
  [{ "payload.team": { $exists: true } }, "filter.payload.team: expected a value, saw nothing"],
  [{ "payload.tags": { $size: 3 } }, 'filter.payload.tags: expected a list of 3, saw ["new","vip"]'],
  [
    { "payload.attendees.email": { $regex: "@b\\.org$" } },
    'filter.payload.attendees.email: expected a match of /@b\\.org$/, saw ["ana@example.org","ben@acme.com"]',
  ],
  [
    { $nor: [{ "event.source": "cal" }] },
    'filter.$nor: expected none of [{"event.source":"cal"}], saw {"event.source":"cal"}',
  ],
])("explains %j in a sentence", (query, text) => {
  expect(reasonOf(route({ filter: filterOf(query) }))?.text).toBe(text);
});

test("names the operator beside what it expected, for programs", () => {
  const filter = filterOf({ "booking.minutes": { $gt: 45 } });
  expect(reasonOf(route({ filter }))).toMatchObject({
    condition: "filter.booking.minutes",
    expected: { $gt: 45 },
    seen: 30,
  });
});

test("shortens a long value in the sentence, not in the record", () => {
  const notes = "x".repeat(10_000);
  const reason = reasonOf(route({ filter: filterOf({ "answers.notes": "y" }) }), exampleEvent({ answers: { notes } }));
  expect(reason?.seen).toBe(notes);
  expect(reason?.text.length).toBeLessThan(150);
});

test.each<[string, Json]>([
  ["null", null],
  ["a text", "x"],
  ["a list", [[]]],
  ["a number", 1],
])("never throws on a payload that is %s", (_, payload) => {
  const filter = filterOf({ "payload.a.b": { $elemMatch: { c: 1 } } });
  expect(reasonOf(route({ filter }), exampleEvent({ payload }))).toMatchObject({ seen: null });
});
