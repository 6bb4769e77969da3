import { describe, expect, test } from "vitest";
import { problemsOf } from "./loading.ts";

const file = (text: string, route = "on: BOOKING_CREATED", source = "{}"): string => `
sources: { cal: ${source}, other: {} }
sinks: { team: { type: chat, token: tok-1 } }
routes:
  - name: all
    ${route}
    to: [{ sink: team, channel: a, text: ${JSON.stringify(text)} }]
`;
const UNKNOWN = "payload.mine: no such field";
const fields = (problems: readonly string[]): string[] =>
  problems.flatMap((one) => one.match(/payload\.mine: .{13}/) ?? []);

describe("takes any field of a payload", () => {
  test.each([
    ["where the source has a custom payload template", "on: BOOKING_CREATED", "{ customPayload: true }"],
    [
      "where the route listens to the source that has one",
      "on: BOOKING_CREATED\n    from: cal",
      "{ customPayload: true }",
    ],
    ["of a trigger that is new", "on: [BOOKING_CREATED, SOMETHING_NEW]", "{}"],
    ["of a trigger that is documented nowhere", "on: CALENDAR_ENTRY_REJECTED", "{}"],
  ])("%s", async (_when, route, source) => {
    expect(fields(await problemsOf(file("{{ payload.mine.own }}", route, source)))).toEqual([]);
    const filtered = `${route}\n    filter: { payload.mine: 1 }`;
    expect(fields(await problemsOf(file("x", filtered, source)))).toEqual([]);
  });

  test("but not where the template is another source's", async () => {
    const route = "on: BOOKING_CREATED\n    from: other\n    filter: { payload.mine: 1 }";
    expect(fields(await problemsOf(file("{{ payload.mine }}", route, "{ customPayload: true }")))).toEqual([
      UNKNOWN,
      UNKNOWN,
    ]);
  });
});

test("answers, responses and metadata are the account's own", async () => {
  const text =
    "{{ answers.a.b }}{{ payload.responses.a.value }}{{ payload.metadata.a }}{{ payload.userFieldsResponses.b.label }}";
  const filter =
    "on: BOOKING_CREATED\n    filter: { answers.a: 1, payload.responses.a.value: x, payload.metadata.a.b: 2 }";
  expect(await problemsOf(file(text, filter))).toEqual([]);
});

test("a filter that asks whether a field is there, or has other ways, may look at what only some triggers have", async () => {
  const on = "on: [BOOKING_CREATED, BOOKING_CANCELLED]\n    filter:";
  const only = "payload.requestReschedule";
  expect(await problemsOf(file("x", `${on} { ${only}: { $exists: false } }`))).toEqual([]);
  expect(await problemsOf(file("x", `${on} { $or: [{ ${only}: true }, { trigger: BOOKING_CREATED }] }`))).toEqual([]);
  expect(await problemsOf(file("x", `${on} { $and: [{ ${only}: true }] }`))).toEqual([
    'relay.config.yaml:7:24  routes[0].filter.$and[0]["payload.requestReschedule"]  warning: payload.requestReschedule: only in BOOKING_CANCELLED; booking.cancellation.requestReschedule is the same for every trigger',
  ]);
});

test("texts, lists and their sizes are known in templates", async () => {
  const text =
    "{{ payload.attendees.size }}{{ payload.title.size }}{{ payload.attendees.last.email }}{{ payload.attendees[0].language.locale }}" +
    "{{ payload.attendees | map: 'email' | first }}{% for r in payload.responses %}{{ r[1].value }}{% endfor %}{{ payload.team.members[0].name }}";
  expect(await problemsOf(file(text))).toEqual([]);
});

test("a field that is there in two shapes may be read in either", async () => {
  const text =
    "{{ payload.assignmentReason }}{{ payload.assignmentReason[0].reasonString }}{{ payload.assignmentReason.category }}";
  expect(await problemsOf(file(text))).toEqual([]);
});
