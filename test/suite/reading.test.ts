import { describe, expect, test } from "vitest";
import { run, problemsOf } from "./suites.ts";

/** A suite of one test with these events; the first of them stands in line 4. */
function suite(events: string): string {
  return `tests:\n  - name: example\n    events:\n${events.trim().replaceAll(/^/gm, "      ")}\n`;
}

describe("says what is wrong, where, and what was probably meant:", () => {
  test("keys that there are not or that are missing, all at once", async () => {
    const wrong = `
nwo: 2026-03-02T09:00:00Z
env: { SLACK-TOKEN: x, OTHER: [] }
tests:
  - nme: one
    events:
      - event: BOOKING_CREATED
        expects: { routes: [] }
      - BOOKING_CREATED
      - expect: { message: {} }
  - { name: two, events: [] }
  - { name: two, events: { event: PING } }
`;
    expect(await problemsOf(wrong)).toEqual([
      'relay.test.yaml:2:1  nwo  unknown key "nwo"; did you mean now?',
      "relay.test.yaml:3:21  env.SLACK-TOKEN  expected the name of a variable, or file:PATH as the key",
      "relay.test.yaml:3:31  env.OTHER  expected text, a number or true or false, got a list",
      "relay.test.yaml:5:5  tests[0].name  required, but missing: what the configuration does, in a few words",
      'relay.test.yaml:5:5  tests[0].nme  unknown key "nme"; did you mean name?',
      'relay.test.yaml:8:9  tests[0].events[0].expects  unknown key "expects"; did you mean expect?',
      'relay.test.yaml:9:9  tests[0].events[1]  expected a mapping, got "BOOKING_CREATED"; write key: value',
      "relay.test.yaml:10:9  tests[0].events[2].event  required, but missing: a trigger or other bundled sample, or a file with a body, relative to this one",
      'relay.test.yaml:10:19  tests[0].events[2].expect.message  unknown key "message"; did you mean messages?',
      "relay.test.yaml:11:26  tests[1].events  expected at least 1 entry, got none",
      "relay.test.yaml:12:13  tests[2].name  there is a test of this name before",
      "relay.test.yaml:12:26  tests[2].events  expected a list, got a mapping; start every entry with a dash",
    ]);
  });

  test("times and durations", async () => {
    const wrong = `now: 2026-03-02\n${suite("- { event: PING, after: 1 hour }")}    now: 2026-13-02T09:00:00Z\n`;
    expect(await problemsOf(wrong)).toEqual([
      'relay.test.yaml:1:6  now  expected a time with Z or an offset, such as 2026-03-02T09:00:00Z, got "2026-03-02"',
      'relay.test.yaml:5:31  tests[0].events[0].after  expected a duration such as 500ms, 15s, 5m, 2h or 30d, got "1 hour"',
      'relay.test.yaml:6:10  tests[0].now  expected a time with Z or an offset, such as 2026-03-02T09:00:00Z, got "2026-13-02T09:00:00Z"',
    ]);
  });

  test("events that there are not", async () => {
    const events = `
- event: BOOKING_CREATE
- event: BOOKING_CONFIRMED
- event: ./bodies/one.json
- event: something
- { event: PING, source: othr }
`;
    expect(await problemsOf(suite(events))).toEqual([
      'relay.test.yaml:4:16  tests[0].events[0].event  unknown event "BOOKING_CREATE"; did you mean BOOKING_CREATED?',
      'relay.test.yaml:5:16  tests[0].events[1].event  unknown event "BOOKING_CONFIRMED": Cal.com never sends it; a confirmed request is announced as BOOKING_CREATED',
      'relay.test.yaml:6:16  tests[0].events[2].event  there is no such file beside the suite: "./bodies/one.json"',
      'relay.test.yaml:7:16  tests[0].events[3].event  unknown event "something"; expected a trigger such as BOOKING_CREATED, or a file with a body',
      'relay.test.yaml:8:32  tests[0].events[4].source  unknown source "othr"; did you mean other?',
    ]);
  });

  test("paths that lead nowhere in a body", async () => {
    const events = `
- event: BOOKING_CREATED
  with:
    payload.attendes.0.email: a
    payload.attendees.email: b
    payload.attendees.7.email: c
    payload.attendees.2: d
    payload.title.first: e
    attendees.0.email: f
    payload: {}
    payload..x: g
  without: [payload.locations, payload.attendees.1, payload.attendees.x]
- { event: TEMPLATE.false, without: [payload.text] }
- { event: BOOKING_CREATED, with: { payload.organiser: {} } }
`;
    expect(await problemsOf(suite(events))).toEqual([
      'relay.test.yaml:6:11  tests[0].events[0].with["payload.attendes.0.email"]  payload has no attendes in this body; did you mean attendees?',
      'relay.test.yaml:7:11  tests[0].events[0].with["payload.attendees.email"]  payload.attendees is a list in this body: name one of its entries, such as payload.attendees.0.email',
      'relay.test.yaml:8:11  tests[0].events[0].with["payload.attendees.7.email"]  payload.attendees has 1 entry in this body, and they count from 0',
      'relay.test.yaml:9:11  tests[0].events[0].with["payload.attendees.2"]  payload.attendees has 1 entry in this body, and they count from 0',
      'relay.test.yaml:10:11  tests[0].events[0].with["payload.title.first"]  payload.title is "Strategy session between Mara Lindqvist and Priya Raman" in this body, and has no fields',
      'relay.test.yaml:11:11  tests[0].events[0].with["attendees.0.email"]  expected a path into the payload such as payload.type, got "attendees.0.email"',
      'relay.test.yaml:12:11  tests[0].events[0].with.payload  expected a path into the payload such as payload.type, got "payload"',
      'relay.test.yaml:13:11  tests[0].events[0].with["payload..x"]  expected a path into the payload such as payload.type, got "payload..x"',
      "relay.test.yaml:14:19  tests[0].events[0].without[0]  payload has no locations in this body; did you mean location?",
      "relay.test.yaml:14:38  tests[0].events[0].without[1]  payload.attendees has 1 entry in this body, and they count from 0",
      "relay.test.yaml:14:59  tests[0].events[0].without[2]  payload.attendees is a list in this body: name one of its entries, such as payload.attendees.0.x",
      "relay.test.yaml:15:43  tests[0].events[1].without  only a body of JSON can be changed",
      'relay.test.yaml:16:62  tests[0].events[2].with["payload.organiser"]  warning: payload has no organiser, it is added; did you mean organizer?',
    ]);
  });

  test("routes, sinks, targets and fields that the configuration has not", async () => {
    const events = `
- event: BOOKING_CREATED
  after: soon
  expect:
    status: ok
    routes: [sale]
    messages:
      team_slack: absent
      sales/team-slak: {}
      spare: absent
      archive: present
      team-slack: { txt: a, text: { $regx: a }, channel: { $regex: "(" }, unfurl: { $exists: yes }, blocks.0.text: a }
    exactly: { archiv: {} }
`;
    expect(await problemsOf(suite(events))).toEqual([
      'relay.test.yaml:5:16  tests[0].events[0].after  expected a duration such as 500ms, 15s, 5m, 2h or 30d, got "soon"',
      'relay.test.yaml:7:19  tests[0].events[0].expect.status  expected "accepted", "duplicate" or "pong", got "ok"',
      'relay.test.yaml:8:20  tests[0].events[0].expect.routes[0]  unknown route "sale"; did you mean sales?',
      'relay.test.yaml:10:13  tests[0].events[0].expect.messages.team_slack  unknown sink "team_slack"; did you mean team-slack?',
      'relay.test.yaml:11:13  tests[0].events[0].expect.messages["sales/team-slak"]  unknown target "sales/team-slak"; did you mean sales/team-slack?',
      "relay.test.yaml:12:13  tests[0].events[0].expect.messages.spare  no route has a target of the sink spare",
      'relay.test.yaml:13:22  tests[0].events[0].expect.messages.archive  expected "absent" or a mapping, got "present"; write key: value',
      'relay.test.yaml:14:27  tests[0].events[0].expect.messages.team-slack.txt  unknown field "txt"; did you mean text?',
      'relay.test.yaml:14:50  tests[0].events[0].expect.messages.team-slack.text.$regx  unknown operator "$regx"; did you mean $regex?',
      "relay.test.yaml:14:74  tests[0].events[0].expect.messages.team-slack.channel.$regex  Invalid regular expression: /(/: Unterminated group",
      'relay.test.yaml:14:100  tests[0].events[0].expect.messages.team-slack.unfurl.$exists  expected true or false, got "yes"',
      'relay.test.yaml:15:22  tests[0].events[0].expect.exactly.archiv  unknown sink "archiv"; did you mean archive?',
    ]);
  });

  test.for([
    ["", "1:1  tests  expected a list of tests, each begun with a dash: - name: …"],
    ["tests: {}", "1:8  tests  expected a list of tests, each begun with a dash: - name: …"],
    ["tests: []", "1:8  tests  there are no tests"],
    ["- name: x", "1:1  expected a mapping: keys such as tests:"],
    ["tests: [", "1:9  YAML: a [ or { is not closed before this line"],
  ])("%j", async ([text, problem]) => {
    expect(await problemsOf(text ?? "")).toContain(`relay.test.yaml:${problem}`);
  });
});

const pings = suite("- event: PING");

test("a configuration's own problems are told with it, and fail the suite", async () => {
  const broken = 'sources: { cal: { secret: "${NOT_SET}" } }\nroutes: []\n';
  const { problems, config } = await run(pings, { "relay.yaml": broken });
  expect(config).toBe("relay.yaml");
  expect(problems).toMatchObject([
    { file: "relay.yaml", line: 1, severity: "error", message: expect.stringContaining("NOT_SET") },
    { file: "relay.yaml", line: 2, severity: "warning" },
  ]);
});

test("a suite that names no configuration and has none beside it is that of the command line", async () => {
  const empty = "sources: { cal: {} }\nroutes: []\n";
  const { config: given } = await run(pings, { "relay.yaml": undefined, "relay.config.yaml": empty });
  expect(given).toBe("relay.config.yaml");
  const { config } = await run(`config: sub/../other.yaml\n${pings}`, { "other.yaml": empty });
  expect(config).toBe("other.yaml");
  expect(await problemsOf(`config: nowhere.yaml\n${pings}`)).toEqual([
    "relay.test.yaml:1:9  config  there is no configuration nowhere.yaml; `config:` names one, relative to the suite",
  ]);
});

test("a warning stops nothing", async () => {
  const { problems, tests } = await run(suite("- { event: BOOKING_CREATED, with: { payload.tipe: x } }"));
  expect(problems).toMatchObject([
    { severity: "warning", message: "payload has no tipe, it is added; did you mean type?" },
  ]);
  expect(tests).toMatchObject([{ failures: [] }]);
});
