import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../src/event.ts";
import { compileFilter, type FilterResult, type FilterSubject } from "../../src/routing/filter.ts";
import { exampleEvent } from "./example.ts";

const subject: FilterSubject = { ...exampleEvent(), event: exampleEvent() };

function run(query: Json, on: FilterSubject = subject): FilterResult {
  const { filter, problems } = compileFilter(query);
  expect(problems).toEqual([]);
  return filter?.test(on) ?? { matched: true };
}

const withPayload = (payload: Json): FilterSubject => ({ ...subject, payload });

test("reports the first failing condition in the order written, with the value seen", () => {
  const query = { "booking.status": "ACCEPTED", "payload.type": "60min", "booking.minutes": { $gt: 45 } };
  expect(run(query)).toEqual({
    matched: false,
    path: "payload.type",
    operator: "$eq",
    expected: "60min",
    seen: "30min",
  });
});

test("takes the operators of one field, and $and, apart", () => {
  expect(run({ "booking.minutes": { $gte: 15, $lt: 30 } })).toMatchObject({ operator: "$lt", expected: 30, seen: 30 });
  const query = { $and: [{ "payload.type": "30min" }, { "booking.minutes": 60 }] };
  expect(run(query)).toMatchObject({ path: "booking.minutes", expected: 60, seen: 30 });
});

test("shows every field of a failing group with its value", () => {
  const query = { $or: [{ "payload.type": "60min" }, { "booking.minutes": { $gt: 45 } }, { "payload.team": "x" }] };
  expect(run(query)).toMatchObject({
    path: "$or",
    seen: { "payload.type": "30min", "booking.minutes": 30, "payload.team": null },
  });
});

test.each<[string, Json]>([
  ["any element of a list", { "payload.attendees.email": { $regex: "@acme\\.com$" } }],
  ["an element by index", { "payload.attendees.0.email": "ana@example.org" }],
  ["a value in a list", { "payload.tags": "vip" }],
  ["$in", { "payload.type": { $in: ["15min", "30min"] } }],
  ["$nin", { "payload.type": { $nin: ["15min"] } }],
  ["$ne", { "payload.type": { $ne: "15min" } }],
  ["$regex with $options", { "booking.title": { $regex: "^INTRO", $options: "i" } }],
  ["$all", { "payload.tags": { $all: ["vip", "new"] } }],
  ["$size", { "payload.attendees": { $size: 2 } }],
  ["$elemMatch on fields", { "payload.attendees": { $elemMatch: { email: { $regex: "^ben" } } } }],
  ["$elemMatch on the element", { "payload.tags": { $elemMatch: { $regex: "^v" } } }],
  ["$not", { "payload.type": { $not: { $regex: "^60" } } }],
  ["$not around conditions", { $not: { "payload.type": "60min" } }],
  ["$not inside $or", { $or: [{ $not: { "payload.type": "60min" } }] }],
  ["$nor", { $nor: [{ "payload.type": "60min" }, { "booking.minutes": 60 }] }],
  ["$exists", { "payload.price": { $exists: true }, "payload.team": { $exists: false } }],
  ["a whole object by $eq", { "booking.rejection": { $eq: { reason: null } } }],
  ["no conditions", {}],
])("matches by %s", (_, query) => {
  expect(run(query)).toEqual({ matched: true });
});

test("fails $ne, $nin and $not through a list as soon as one element fails", () => {
  expect(run({ "payload.attendees.email": { $ne: "ben@acme.com" } })).toMatchObject({
    seen: ["ana@example.org", "ben@acme.com"],
  });
  expect(run({ "payload.attendees.email": { $nin: ["ben@acme.com"] } }).matched).toBe(false);
  expect(run({ "payload.attendees.email": { $not: { $regex: "acme" } } }).matched).toBe(false);
});

test.each<[Json, boolean]>([
  [{ "booking.minutes": { $not: { $gt: 1, $lt: 45 } } }, false],
  [{ "booking.minutes": { $not: { $gt: 1, $lt: 5 } } }, true],
  [{ $nor: [{ $not: { "payload.type": "30min" } }] }, true],
  [{ $or: [{ "payload.type": "x" }, { $and: [{ "payload.type": "30min" }, { "booking.minutes": 30 }] }] }, true],
  [{ "payload.list": { $elemMatch: { $or: [{ a: 9 }, { b: 4 }] } } }, true],
  [{ "payload.list": { $elemMatch: { a: 1, b: 4 } } }, false],
  [{ "payload.list.a": 1, "payload.list.b": 4 }, true],
  [{ "payload.list": { $not: { $elemMatch: { a: 9 } } } }, true],
])("nests conditions, the same each time: %j is %s", (query, expected) => {
  const { filter } = compileFilter(query);
  const list = [
    { a: 1, b: 2 },
    { a: 3, b: 4 },
  ];
  const tries = [1, 2, 3].map(() => filter?.test(withPayload({ type: "30min", list })).matched);
  expect(tries).toEqual([expected, expected, expected]);
});

test("treats a missing field as no match, but equal to null and unequal to any value", () => {
  expect(run({ "payload.team.name": "x" })).toMatchObject({ matched: false, seen: null });
  expect(run({ "payload.team": { $gt: 3 } }).matched).toBe(false);
  expect(run({ "payload.price": { $gte: 0 } }).matched).toBe(false);
  expect(run({ "payload.team": null, "payload.price": null })).toEqual({ matched: true });
  expect(run({ "payload.team.name": { $ne: "x", $nin: ["x"], $not: { $regex: "x" } } })).toEqual({ matched: true });
});

test.each<[string, Json]>([
  ["$gt", { $gt: "2026-12-01T15:00:00+05:45" }],
  ["$lte", { $lte: "2026-12-01T04:30:00.000-05:00" }],
  ["equality", "2026-12-01T09:30:00.000Z"],
  ["$in", { $in: ["2026-12-01T10:30:00+01:00"] }],
  ["a date alone as midnight in UTC", { $gt: "2026-12-01", $lt: "2026-12-02" }],
])("compares times as instants: %s", (_, condition) => {
  expect(run({ "booking.start": condition })).toEqual({ matched: true });
  expect(run({ "payload.startTime": condition })).toEqual({ matched: true });
});

test("tells the same instant apart from another with $ne and $nin", () => {
  expect(run({ "payload.startTime": { $ne: "2026-12-01T09:30:00Z" } }).matched).toBe(false);
  expect(run({ "payload.startTime": { $nin: ["2026-12-01T09:30:00Z"] } }).matched).toBe(false);
  expect(run({ "payload.startTime": { $ne: "2026-12-01T10:30:00Z" } }).matched).toBe(true);
});

test("never compares a time with something else, nor a number with a text", () => {
  expect(run({ "payload.type": { $gt: "2026-12-01T00:00:00Z" } }).matched).toBe(false);
  expect(run({ "payload.type": { $gt: 5 } }).matched).toBe(false);
  expect(run({ "payload.type": { $gt: "15min" } }).matched).toBe(true);
});

test("is no match for a payload nested deeper than the stack", () => {
  const deep: Json = JSON.parse(`${"[".repeat(200_000)}${"]".repeat(200_000)}`);
  expect(run({ "payload.type": "x" }, withPayload(deep))).toMatchObject({ matched: false, seen: null });
});

test("never throws, whatever the query and the payload", () => {
  const operators = [
    "$eq",
    "$ne",
    "$in",
    "$gt",
    "$regex",
    "$size",
    "$elemMatch",
    "$or",
    "$not",
    "$all",
    "$exists",
    "$where",
  ];
  const key = fc.oneof(fc.string(), fc.constantFrom(...operators, "payload.a", "payload", "trigger", "a", "__proto__"));
  const { query } = fc.letrec<{ query: Json }>((tie) => ({
    query: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
      fc.array(tie("query"), { maxLength: 3 }),
      fc.dictionary(key, tie("query"), { maxKeys: 3 }),
    ),
  }));
  const payload = fc.jsonValue() as fc.Arbitrary<Json>;
  const property = fc.property(query, payload, (one, value) => {
    const { filter, problems } = compileFilter(one);
    expect(filter === null).toBe(problems.length > 0);
    expect(filter?.test(withPayload({ a: value })).matched).toBeOneOf([true, false, undefined]);
  });
  fc.assert(property, { numRuns: 2_000 });
});

test("a number that came as text compares with a number as what it spells, and with text as text", () => {
  const answered = { ...subject, answers: { budget: "7500", people: "many" } };
  expect(run({ "answers.budget": { $gt: 5000, $lte: 7500 } }, answered).matched).toBe(true);
  expect(run({ "answers.budget": { $gt: 8000 } }, answered).matched).toBe(false);
  expect(run({ "answers.budget": { $gt: "8" } }, answered).matched).toBe(false);
  expect(run({ "answers.people": { $gt: 0 } }, answered).matched).toBe(false);
});
