import { describe, expect, test } from "vitest";
import { sample } from "../../src/cal/samples.ts";
import { failuresOf, run } from "./suites.ts";

describe("passes", () => {
  test("where routes, messages and status are as expected, the order of the names aside", async () => {
    const events = `
- event: BOOKING_CREATED
  expect:
    status: accepted
    routes: [everything, sales]
    messages:
      sales/team-slack: { channel: "#sales", text: { $regex: "^\\\\*Strategy", $ne: "" }, unfurl: false, blocks: { $exists: false } }
      sales/team-slack/2: { text: no note }
      archive: { line.payload.attendees.0.name: Priya Raman, line.payload.attendees.email: priya@example.org }
`;
    expect(await failuresOf(events)).toBeNull();
  });

  test("a whole message, and a sink without one", async () => {
    const events = `
- event: BOOKING_CANCELLED
  with: { payload.type: other }
  expect:
    routes: [everything]
    messages: { team-slack: absent, sales/team-slack: absent }
- event: BOOKING_CREATED
  expect:
    exactly:
      sales/team-slack/2: { channel: "#copies", onUpdate: new, unfurl: false, text: no note }
`;
    expect(await failuresOf(events)).toBeNull();
  });

  test("events as the relay would accept them: one key for a booking, repeats, pings, sources", async () => {
    const events = `
- event: BOOKING_CREATED
- event: BOOKING_RESCHEDULED
  expect: { messages: { archive: { line.key: hV3kRz9TqYw2LmXc7NbP4d, line.id: evt_2 } } }
- event: BOOKING_CREATED
  expect: { status: duplicate, routes: [], messages: { archive: absent } }
- event: BOOKING_CREATED
  source: other
  expect: { status: accepted, messages: { archive: { line.source: other } } }
- event: PING
  expect: { status: pong, routes: [] }
- event: BOOKING_CREATED
  after: 2d
  expect: { status: accepted }
`;
    expect(await failuresOf(events)).toBeNull();
  });

  test("by the suite's clock, the test's, and what has passed of it", async () => {
    const { tests } = await run(`
now: 2026-03-02T09:00:00Z
tests:
  - name: the suite's
    events:
      - event: OOO_CREATED
        expect: { messages: { archive: { line.at: 2026-03-02T09:00:00.000Z, line.now: "09:00" } } }
  - name: the test's
    now: 2027-01-01T00:30:00+01:00
    events:
      - event: OOO_CREATED
        expect: { messages: { archive: { line.at: 2026-12-31T23:30:00Z, line.now: "23:30" } } }
      - event: OOO_CREATED.updated
        after: 90m
        expect: { messages: { archive: { line.at: 2027-01-01T01:00:00Z, line.now: "01:00" } } }
`);
    expect(tests.map(({ failures }) => failures)).toEqual([[], []]);
  });

  test("a body from a file beside the suite, signed as it stands", async () => {
    const body = `${JSON.stringify(JSON.parse(sample("BOOKING_CREATED")), null, 2)}\n`;
    const events = `
- event: bodies/booking.json
  expect: { routes: [sales, everything] }
`;
    expect(await failuresOf(events, { "bodies/booking.json": body })).toBeNull();
  });

  test("with variables of the suite alone, files included", async () => {
    const { problems, tests } = await run(
      `
config: other.yaml
env: { CHANNEL: "#from-env", SIZE: 3, "file:./text.txt": from the suite }
tests:
  - name: variables
    events:
      - event: BOOKING_CREATED
        expect: { messages: { slack: { channel: "#from-env", text: "3 from the suite, from the disk" } } }
`,
      {
        "text.txt": "never read",
        "more.txt": "from the disk\n",
        "other.yaml": `
sources: { cal: {} }
sinks: { slack: { type: slack, token: xoxb-test } }
routes: [{ name: all, on: "*", to: [{ sink: slack, channel: "\${CHANNEL}", text: "\${SIZE} \${file:./text.txt}, \${file:./more.txt}" }] }]
`,
      },
    );
    expect([problems, tests.map(({ failures }) => failures)]).toEqual([[], [[]]]);
  });

  test("bodies with values put in and taken out, flat ones too", async () => {
    const events = `
- event: BOOKING_CREATED
  with: { payload.note: Bring cake, payload.attendees.0.name: Ada, payload.attendees.1: { name: Bob, email: bob@example.com } }
  without: [payload.location, payload.attendees.0.email]
  expect:
    messages:
      sales/team-slack: { text: { $regex: "with Ada$" } }
      sales/team-slack/2: { text: Bring cake }
      archive: { line.payload.attendees: { $size: 2 }, line.payload.location: { $exists: false }, line.payload.attendees.0.email: { $exists: false } }
- event: MEETING_STARTED
  with: { payload.title: Flat }
  expect: { messages: { archive: { line.payload.title: Flat, line.payload.triggerEvent: MEETING_STARTED } } }
`;
    expect(await failuresOf(events)).toBeNull();
  });
});

describe("fails", () => {
  test("routes, with the reason of each that should have matched", async () => {
    const events = `
- event: BOOKING_CREATED
  with: { payload.type: 30min }
  expect: { routes: [sales] }
`;
    expect(await failuresOf(events)).toBe(`event 1, BOOKING_CREATED: routes
- ["sales"]
+ ["everything"]
  route sales: filter.payload.type: expected "strategy-session", saw "30min"`);
  });

  test("the status", async () => {
    const events = `
- event: BOOKING_CREATED
- { event: BOOKING_CREATED, expect: { status: accepted, routes: [sales] } }
`;
    expect(await failuresOf(events)).toBe(`event 2, BOOKING_CREATED: status
- "accepted"
+ "duplicate"
event 2, BOOKING_CREATED: routes
- ["sales"]
+ []
  the event is a duplicate, and goes nowhere`);
  });

  test("fields of a message, each of them", async () => {
    const events = `
- event: BOOKING_CREATED
  expect:
    messages:
      sales/team-slack: { channel: "#other", text: { $regex: "^Product", $ne: "" }, unfurl: false, blocks: { $exists: true }, username: me }
      archive: { line.payload.attendees.0.language: { locale: de }, line.id: [evt_1] }
`;
    expect(await failuresOf(events)).toBe(`event 1, BOOKING_CREATED: message to sales/team-slack
  channel
- "#other"
+ "#sales"
  text
- { $regex: "^Product", $ne: "" }
+ "*Strategy session between Mara Lindqvist and Priya Raman* with Priya Raman"
- blocks: { $exists: true }
- username: "me"
event 1, BOOKING_CREATED: message to archive
  line.payload.attendees.0.language.locale
- "de"
+ "en"
  line.id
- ["evt_1"]
+ "evt_1"`);
  });

  test("a whole message, path by path", async () => {
    const events = `
- event: BOOKING_CREATED
  expect: { exactly: { sales/team-slack/2: { channel: "#copies", text: a note, onUpdate: new, icon: ":cake:" } } }
`;
    expect(await failuresOf(events)).toBe(`event 1, BOOKING_CREATED: message to sales/team-slack/2
  text
- "a note"
+ "no note"
- icon: ":cake:"
+ unfurl: false`);
  });

  test("a mapping that has more than was written, with what to write instead", async () => {
    const events = `
- event: BOOKING_CREATED
  expect: { messages: { archive: { line.payload.attendees.0.language: {}, line.payload.attendees.0.language.locale: de, line.payload: { type: x } } } }
`;
    const lines = (await failuresOf(events))?.split("\n") ?? [];
    expect(lines).toContain('+ line.payload.attendees.0.language.locale: "en"');
    expect(lines.at(-1)).toBe("  line.payload is compared whole; write line.payload.type to compare that alone");
  });

  test("in the order in which it is expected, a long message cut short", async () => {
    const events = `
- event: BOOKING_CREATED
  expect:
    exactly: { archive: {} }
    messages: { archive: absent }
`;
    const text = (await failuresOf(events)) ?? "";
    expect(text).toMatch(
      /^\+ line: \{\n(\+ .*\n){15}\+ … \d+ lines more\nevent 1, BOOKING_CREATED: message to archive\n- "absent"\n/m,
    );
  });

  test("messages that are missing, too many or unwanted", async () => {
    const events = `
- event: BOOKING_CREATED
  expect: { messages: { team-slack: { text: x }, sales/team-slack/2: absent } }
- event: BOOKING_PAID
  with: { payload.type: 30min }
  expect: { messages: { team-slack: {} } }
`;
    expect(await failuresOf(events)).toBe(`event 1, BOOKING_CREATED: message to team-slack
  there are 2 messages; name one by its target: sales/team-slack, sales/team-slack/2
event 1, BOOKING_CREATED: message to sales/team-slack/2
- "absent"
+ { channel: "#copies", text: "no note", onUpdate: "new", unfurl: false }
event 2, BOOKING_PAID: message to team-slack
  there is no message
  route sales: filter.payload.type: expected "strategy-session", saw "30min"`);
  });

  test("what cannot be rendered or does not fit the sink, though nobody asked for it", async () => {
    const broken = `
sources: { cal: { customPayload: true } }
sinks: { slack: { type: slack, token: xoxb-test } }
routes:
  - name: all
    on: "*"
    to:
      - { sink: slack, channel: "{{ payload.channel }}", text: x }
      - { sink: slack, channel: "#x", text: "x{% for i in (1..payload.length) %}{% endfor %}" }
`;
    const events = `
- event: BOOKING_CREATED
  with: { payload.channel: nowhere, payload.length: 99999999 }
`;
    expect(await failuresOf(events, { "relay.yaml": broken })).toBe(`event 1, BOOKING_CREATED: message to all/slack
  the rendered message does not fit Slack message: channel: expected "#name", "@user" or an id
event 1, BOOKING_CREATED: message to all/slack/2
  the template at text failed: line 1, column 2: memory alloc limit exceeded`);
  });

  test("lines of a long text, those that differ", async () => {
    const long = `
sources: { cal: {} }
sinks: { slack: { type: slack, token: xoxb-test } }
routes: [{ name: all, on: "*", to: [{ sink: slack, channel: "#x", text: "one\\ntwo\\nthree\\n{{ booking.attendee.name }}\\nend" }] }]
`;
    const events = `
- event: BOOKING_CREATED
  expect: { messages: { slack: { text: "one\\nthree\\nPriya Raman\\nend" } } }
`;
    expect(await failuresOf(events, { "relay.yaml": long })).toBe(`event 1, BOOKING_CREATED: message to slack
  text
  one
+ two
  three
  Priya Raman
  end`);
  });
});
