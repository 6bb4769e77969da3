import { describe, expect, test } from "vitest";
import { builtInSinks } from "../../plugins/index.ts";
import type { SinkPlugin } from "../../src/sdk/index.ts";
import { chat, problemsOf } from "./loading.ts";

const sinks = {
  slack: "type: slack, token: xoxb-1",
  sheet: "type: google-sheets, credentials: ./key.json",
  notion: "type: notion, token: ntn_1",
  hook: "type: webhook, url: https://hooks.example.com/in",
  file: "type: file, path: ./events.jsonl",
};

/** The problems of one target, YAML's flow style, for bookings that are made and cancelled: without their place in the file. */
async function problemsOfTarget(sink: keyof typeof sinks, target: string, route = ""): Promise<string[]> {
  const text = `
sources: { cal: {} }
sinks: { ${sink}: { ${sinks[sink]} } }
routes: [{ name: one, on: [BOOKING_CREATED, BOOKING_CANCELLED], ${route} to: [{ sink: ${sink}, ${target} }] }]
`;
  const problems = await problemsOf(text, { plugins: builtInSinks });
  return problems.map((problem) => problem.replace(/^\S+ {2}routes\[0\]\.to\[0\]\.?/, ""));
}

describe("what a target makes of the samples is held against its sink's schema:", () => {
  test.each([
    [
      "slack",
      'channel: "{{ booking.title }}", text: hi',
      /^channel {2}expected "#name".*got "Strategy session.*\(with every sample\)$/,
    ],
    [
      "slack",
      `channel: "#a", blocks: [{ type: "{{ 'sectoin' }}" }]`,
      /^blocks\[0\]\.type {2}expected a type of block that Slack knows/,
    ],
    [
      "slack",
      'channel: "#a", blocks: [{ type: header, text: "{{ booking.title }}" }]',
      /^blocks\[0\]\.text {2}expected a mapping, got "Strategy/,
    ],
    [
      "slack",
      `channel: "#a", text: "{{ '' }}"`,
      /^text {2}expected a text, blocks or both, got "" \(with every sample\)$/,
    ],
    [
      "sheet",
      'spreadsheet: abc, row: { Guests: "{{ payload.attendees }}" }',
      /^row\.Guests {2}expected text, a number, true, false or null; join a list with/,
    ],
    [
      "sheet",
      'spreadsheet: "https://example.com/{{ booking.uid }}", row: { A: b }',
      /^spreadsheet {2}expected the spreadsheet's id/,
    ],
    ["notion", 'database: "{{ booking.uid }}", properties: { Name: x }', /^database {2}expected a Notion id/],
    [
      "hook",
      'headers: { X-Title: "{{ booking.title }}\\nmore" }',
      /^headers\.X-Title {2}expected a value without line breaks/,
    ],
    ["hook", 'path: "/in?id={{ booking.uid }}"', /^path {2}expected a path without \?/],
  ] as const)("%s, %s", async (sink, target, problem) => {
    expect(await problemsOfTarget(sink, target)).toEqual([expect.stringMatching(problem)]);
  });

  test.each([
    ["slack", 'channel: "#a", text: "{{ booking.title }}", onUpdate: thread'],
    ["sheet", 'spreadsheet: abc, key: Id, row: { Id: "{{ booking.key }}", Price: "{{ booking.price }}" }'],
    ["notion", 'database: 0000000000000000000000000000000a, properties: { Guests: "{{ booking.guests }}" }'],
    ["hook", 'headers: { X-Title: "{{ booking.title }}" }, path: "{{ booking.uid }}"'],
    ["file", 'line: { all: "{{ payload }}" }'],
  ] as const)("nothing is wrong with %s, %s", async (sink, target) => {
    expect(await problemsOfTarget(sink, target)).toEqual([]);
  });
});

test("names the one trigger whose sample does not fit", async () => {
  const target = `channel: "#{{ booking.cancellation.by | default: 'all' }}", text: hi`;
  expect(await problemsOfTarget("slack", target)).toEqual([]);
  expect(
    await problemsOfTarget("slack", `channel: "{{ booking.cancellation.by | default: '#all' }}", text: hi`),
  ).toEqual([expect.stringMatching(/\(with the sample of BOOKING_CANCELLED\)$/)]);
});

test("of a value that a filter can choose, what fits no sample is a warning", async () => {
  const filter = 'filter: { booking.title: { $regex: "^#" } },';
  expect(await problemsOfTarget("slack", 'channel: "{{ booking.title }}", text: hi', filter)).toEqual([
    expect.stringMatching(/^channel {2}warning: .*\(with every sample, which the filter refuses\)$/),
  ]);
});

const oneTarget = (target: string, source = "{}"): string => `
sources: { cal: ${source} }
sinks: { team: { type: chat, token: "\${TOKEN:-tok-1}", optional: true } }
routes: [{ name: one, on: BOOKING_CREATED, to: [{ sink: team, ${target} }] }]
`;

test("where a variable is not set nothing is known", async () => {
  const target = 'channel: "${CHANNEL}{{ booking.title }}", text: "{{ payload.attendees }}"';
  const problems = await problemsOf(oneTarget(target));
  expect(problems.filter((problem) => problem.includes(".channel"))).toEqual([]);
  expect(problems.filter((problem) => problem.includes(".text"))).toHaveLength(1);
});

test("what a variable gives is not shown", async () => {
  const target = 'channel: "${CHANNEL} {{ booking.title }}", text: hi';
  const [problem, ...others] = await problemsOf(oneTarget(target), { env: { CHANNEL: "canary" } });
  expect(problem).toMatch(/expected "#name", "@user" or an id \(with the sample of BOOKING_CREATED\)$/);
  expect(others).toEqual([]);
});

test("a mistake that was told is not told again of the rendered message", async () => {
  const target = 'channel: "#a", text: "{{ booking.titel }}", unfurl: "{{ booking.title | upcasee }}", colour: red';
  const problems = await problemsOf(oneTarget(target));
  expect(problems.map((problem) => problem.split("  ")[2])).toEqual([
    "booking.titel: no such field; did you mean booking.title?",
    'unknown filter "upcasee"; did you mean upcase?',
    'unknown key "colour"',
  ]);
});

test("of what a custom payload has the samples tell nothing", async () => {
  const target = 'channel: "#{{ payload.channel }}", text: "{{ payload.words }}"';
  expect(await problemsOf(oneTarget(target, "{ customPayload: true }"))).toEqual([]);
});

test("a schema that fails on a message is told of", async () => {
  const brittle = {
    ...chat,
    message: chat.message.refine((message) => JSON.stringify(message).includes("{{") || JSON.parse("{")),
  } as SinkPlugin;
  const problems = await problemsOf(oneTarget('channel: "#a", text: "{{ booking.title }}"'), { plugins: [brittle] });
  expect(problems).toEqual([expect.stringContaining("the sink's schema failed on the message (with the sample of")]);
});
