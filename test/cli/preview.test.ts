import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sample, sampleEvent, sampleNames } from "../../src/cal/samples.ts";
import { shownMessage } from "../../src/cli/message.ts";
import { readConfig } from "../../src/cli/io.ts";
import { createMask } from "../../src/observe/mask.ts";
import { matchRoutes } from "../../src/routing/match.ts";
import { runProgram } from "../support/program.ts";
import { tempFolder } from "../support/temp.ts";

const plugin = `
import { defineSink } from "cal-relay/sdk";
import { z } from "zod";
export default defineSink({
  type: "plain",
  title: "Plain message",
  connection: z.strictObject({ token: z.string() }),
  message: z.strictObject({ words: z.string(), times: z.number().default(1) }),
  secrets: ["token"],
  open: () => Promise.reject(new Error("a preview opens no sink")),
});
`;

const configuration = `
plugins: [./plain.ts]
sources: { cal: {}, team: {} }
sinks:
  team-slack: { type: slack, token: "\${SLACK_BOT_TOKEN}", optional: true }
  own: { type: plain, token: canary-token }
  sheet: { type: google-sheets, credentials: ./key.json }
  hook: { type: webhook, url: "https://hooks.example.com/canary-path", headers: { Authorization: canary-header } }
routes:
  - name: sales
    on: BOOKING_CREATED
    filter: { payload.type: strategy-session }
    to:
      - { sink: team-slack, channel: "#sales", text: "*{{ booking.title }}*" }
      - { sink: own, words: "Hello {{ booking.attendee.name }}, canary-token" }
      - { sink: hook, body: "{{ trigger }}", path: in }
  - name: broken
    on: BOOKING_CANCELLED
    to:
      - { sink: own, words: "{{ payload.cancellationReason | default: 45 }}" }
      - { sink: sheet, spreadsheet: s1, row: { A: "{% for minute in (1..payload.length) %}{{ minute }}{% endfor %}" } }
      - { sink: own, words: fine }
`;

function folder(): string {
  const cwd = tempFolder();
  writeFileSync(join(cwd, "relay.config.yaml"), configuration);
  writeFileSync(join(cwd, "plain.ts"), plugin);
  return cwd;
}

test("preview shows every message as people read it, without a secret", async () => {
  expect(await runProgram(["preview", "BOOKING_CREATED", "--source", "team"], { cwd: folder() })).toEqual({
    code: 0,
    stdout: `BOOKING_CREATED  Strategy session between Mara Lindqvist and Priya Raman
from team · sent 2026-11-23 09:12:04Z · booking hV3kRz9TqYw2LmXc7NbP4d

sales/team-slack  Slack message  runs dry: SLACK_BOT_TOKEN not set
  #sales, a new message each time

  *Strategy session between Mara Lindqvist and Priya Raman*

sales/own  Plain message
  words: Hello Priya Raman, ***
  times: 1

sales/hook  Webhook
  POST https://hooks.example.com/***/in
  content-type: text/plain; charset=utf-8
  authorization: ***
  webhook-id: dlv_…
  webhook-timestamp: …

  BOOKING_CREATED
`,
    stderr: "",
  });
}, 60_000);

test("preview --json gives each message as it would be delivered, and the problem of one that would not", async () => {
  const cwd = folder();
  // Such events as `check` cannot foresee.
  const body: { payload: object } = JSON.parse(sample("BOOKING_CANCELLED"));
  const odd = { ...body, payload: { ...body.payload, cancellationReason: null, length: 1e9 } };
  writeFileSync(join(cwd, "odd.json"), JSON.stringify(odd));
  const [sent, failing] = await Promise.all([
    runProgram(["preview", "BOOKING_CREATED", "--json"], { cwd }),
    runProgram(["preview", "odd.json", "--json"], { cwd }),
  ]);
  expect(sent.code).toBe(0);
  const title = "Strategy session between Mara Lindqvist and Priya Raman";
  expect(JSON.parse(sent.stdout)).toEqual([
    {
      route: "sales",
      target: "sales/team-slack",
      sink: "team-slack",
      type: "slack",
      message: { channel: "#sales", text: `*${title}*`, onUpdate: "new", unfurl: false },
    },
    {
      route: "sales",
      target: "sales/own",
      sink: "own",
      type: "plain",
      message: { words: "Hello Priya Raman, ***", times: 1 },
    },
    {
      route: "sales",
      target: "sales/hook",
      sink: "hook",
      type: "webhook",
      message: { body: "BOOKING_CREATED", path: "in" },
    },
  ]);
  expect(failing).toMatchObject({
    code: 1,
    stderr: "cal-relay: 2 messages cannot be sent: broken/own, broken/sheet\n",
  });
  expect(JSON.parse(failing.stdout)).toMatchObject([
    { target: "broken/own", message: null, problem: expect.stringMatching(/does not fit Plain message: words: /) },
    { target: "broken/sheet", message: null, problem: expect.stringMatching(/^the template at row.A failed: /) },
    { target: "broken/own/2", message: { words: "fine", times: 1 } },
  ]);
}, 60_000);

test("preview --route shows what a route would send of an event that it refuses, and says so", async () => {
  const cwd = folder();
  const stranger = sample("BOOKING_CANCELLED").replace("Strategy session between", "\\u001b[31mStrategy\\u202e");
  writeFileSync(join(cwd, "body.json"), stranger);
  const [refused, unknown, unrouted] = await Promise.all([
    runProgram(["preview", "body.json", "--route", "sales"], { cwd }),
    runProgram(["preview", "body.json", "--route", "sale"], { cwd }),
    runProgram(["preview", "OOO_CREATED"], { cwd }),
  ]);
  expect(refused.code).toBe(0);
  expect(refused.stdout).toContain(
    '\n\nthe route refuses this event  on: expected BOOKING_CREATED, saw "BOOKING_CANCELLED"\nif it took it, it would send:\n\n',
  );
  expect(refused.stdout).toContain("  *�[31mStrategy� Mara Lindqvist and Priya Raman*\n");
  expect(unknown).toEqual({ code: 1, stdout: "", stderr: 'cal-relay: no route "sale"; did you mean sales?\n' });
  expect([unrouted.code, unrouted.stdout.split("\n\n")[1]]).toEqual([
    0,
    "no route takes it, so nothing is sent; `cal-relay explain OOO_CREATED` says why\n",
  ]);
}, 60_000);

test("every bundled sample can be previewed under the configuration that comes along", async () => {
  const { config } = await readConfig({ config: "relay.config.yaml" });
  if (config === null) throw new Error("it has problems");
  const mask = createMask(config.secrets);
  const shown = sampleNames.flatMap((name) => {
    const event = sampleEvent(name);
    return matchRoutes(config.routes, event).matched.flatMap((route) =>
      route.targets.map((target) => shownMessage(config, route.name, target, event, mask)),
    );
  });
  expect(shown.length).toBeGreaterThan(100);
  expect(shown.filter(({ problem, text }) => problem !== undefined || text === null)).toEqual([]);
});
