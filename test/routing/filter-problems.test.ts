import { expect, test } from "vitest";
import type { Json } from "../../src/event.ts";
import { compileFilter, compileQuery, type FilterProblem } from "../../src/routing/filter.ts";

function problemsOf(query: Json): FilterProblem[] {
  const { filter, problems } = compileFilter(query);
  expect(filter === null).toBe(problems.length > 0);
  return problems;
}

test.each([
  ["$where", "this.x"],
  ["$expr", {}],
  ["$function", {}],
])("refuses %s beside fields", (operator, operand) => {
  expect(problemsOf({ [operator]: operand })).toMatchObject([
    { path: [operator], message: expect.stringContaining(`unknown operator "${operator}"`) },
  ]);
});

test.each(["$where", "$type", "$mod", "$function", "$text"])("refuses %s under a field", (operator) => {
  expect(problemsOf({ "payload.type": { [operator]: 1 } })).toMatchObject([{ path: ["payload.type", operator] }]);
});

test("suggests the operator and the field that were probably meant", () => {
  expect(problemsOf({ "payload.type": { $gtt: 1 }, "bookings.type": "x" })).toEqual([
    { path: ["payload.type", "$gtt"], message: 'unknown operator "$gtt"; did you mean $gt?' },
    { path: ["bookings.type"], message: 'unknown field "bookings.type"; did you mean booking?' },
  ]);
});

test("finds every problem at once, also inside groups, $not and $elemMatch", () => {
  const query = {
    $or: [{ "payload.a": { $mod: [2, 0] } }, { $not: { room: 1 } }],
    $nor: [],
    "payload.list": { $elemMatch: { name: { $type: "string" } }, $not: { $where: "1" } },
  };
  expect(problemsOf(query).map(({ path }) => path)).toEqual([
    ["$or", 0, "payload.a", "$mod"],
    ["$or", 1, "$not", "room"],
    ["$nor"],
    ["payload.list", "$elemMatch", "name", "$type"],
    ["payload.list", "$not", "$where"],
  ]);
});

test.each<[string, Json, string]>([
  ["$in without a list", { $in: "a" }, "expected a list of plain values"],
  ["$in with operators", { $in: [{ $gt: 1 }] }, "expected a list of plain values"],
  ["$all of nothing", { $all: [] }, "expected a list of plain values"],
  ["$size of a text", { $size: "2" }, "expected a whole number"],
  ["$exists of a text", { $exists: "yes" }, "expected true or false"],
  ["$gt of null", { $gt: null }, "expected a number, a time or a text"],
  ["a time without an offset", { $gt: "2026-12-01T10:00" }, "Z or an offset"],
  ["$options alone", { $options: "i" }, "goes beside a $regex"],
  ["$or under a field", { $or: [{ "payload.a": 1 }] }, "beside fields"],
  ["$not of a value", { $not: "a" }, "$not takes conditions"],
  ["$elemMatch of a value", { $elemMatch: 3 }, "$elemMatch takes conditions"],
  ["a regular expression that is none", { $regex: "(" }, "Unterminated group"],
  ["an option that JavaScript has not", { $regex: "a", $options: "x" }, "expected $options"],
  ["an object to look into", { b: 1 }, "written payload.type: 60min"],
])("refuses %s", (_, condition, message) => {
  expect(problemsOf({ "payload.a": condition })).toMatchObject([{ message: expect.stringContaining(message) }]);
});

test.each(["payload.__proto__.x", "payload.constructor.name", "payload.toString", "payload..x", "payload."])(
  "refuses the path %s",
  (field) => {
    expect(problemsOf({ [field]: 1 })).toMatchObject([{ message: `"${field}" is no path to a field` }]);
  },
);

test.each<[Json]>([[null], ["payload.type"], [3], [[{ trigger: "PING" }]]])("refuses %j as a filter", (query) => {
  expect(problemsOf(query)).toMatchObject([{ path: [], message: expect.stringContaining("expected conditions") }]);
});

test("a query of something else than an event knows the fields that it is given, or takes any", () => {
  expect(compileQuery({ "channel.x": 1, chanel: 2 }, ["channel", "text"]).problems).toEqual([
    { path: ["chanel"], message: 'unknown field "chanel"; did you mean channel?' },
  ]);
  const { filter } = compileQuery({ "anything.at.1": { $regex: "^b" } }, null);
  expect(filter?.test({ anything: { at: ["b", "bc"] } })).toEqual({ matched: true });
  expect(filter?.test("no mapping")).toMatchObject({ matched: false, seen: null });
});
