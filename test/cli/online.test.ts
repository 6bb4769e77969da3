import { expect, onTestFinished, test } from "vitest";
import { builtInSinks } from "../../plugins/index.ts";
import { askSinks, type Answers } from "../../src/cli/online.ts";
import { startNotion, type NotionStandIn } from "../support/notion.ts";
import { startSlack, type SlackStandIn } from "../support/slack.ts";
import { load } from "../config/loading.ts";

const cancelledElsewhere = `"{% if trigger == 'BOOKING_CANCELLED' %}#lost{% else %}#sales{% endif %}"`;

async function asked(sinks: string, routes: string): Promise<Answers> {
  const text = `
sources: { cal: {} }
sinks: { ${sinks} }
routes: [${routes}]
`;
  const { config, problems } = await load(text, { plugins: builtInSinks });
  if (config === null) throw new Error(JSON.stringify(problems));
  return askSinks(config);
}

async function slackStandIn(): Promise<{ slack: SlackStandIn; sink: string }> {
  const slack = await startSlack({ channels: [{ id: "C0000000001", name: "sales" }] });
  onTestFinished(() => slack.close());
  return { slack, sink: `team: { type: slack, token: ${slack.token}, apiUrl: "${slack.url}" }` };
}

const route = (rest: string, ...channels: string[]): string =>
  `{ name: one, ${rest}, to: [${channels.map((channel) => `{ sink: team, channel: ${channel}, text: "{{ trigger }}" }`).join(", ")}] }`;

test("asks with the sample of every trigger, and names the one that would fail", async () => {
  const { slack, sink } = await slackStandIn();
  const { findings } = await asked(sink, route('on: "BOOKING_*"', cancelledElsewhere));
  expect(findings).toEqual([
    {
      sink: "team",
      target: "one/team",
      message: expect.stringContaining("#lost: the app is in no channel of that name"),
      triggers: ["BOOKING_CANCELLED"],
    },
  ]);
  expect(slack.methods()).toEqual(["auth.test", "users.conversations"]);
});

test("leaves out the samples that the route's filter refuses", async () => {
  const { sink } = await slackStandIn();
  const filtered = 'on: "BOOKING_*", filter: { trigger: { $ne: BOOKING_CANCELLED } }';
  expect((await asked(sink, route(filtered, cancelledElsewhere))).findings).toEqual([]);
});

test("tells of what is wrong with every target of a sink once", async () => {
  const { slack, sink } = await slackStandIn();
  slack.refuse("auth.test", "token_revoked");
  const { findings } = await asked(sink, route("on: [BOOKING_CREATED]", '"#sales"', '"#sales"'));
  expect(findings).toEqual([
    {
      sink: "team",
      target: null,
      message: expect.stringContaining("token_revoked; put the token from"),
      triggers: null,
    },
  ]);
});

test("asks of a sink without targets for its connection alone, and says which were not asked", async () => {
  const { slack, sink } = await slackStandIn();
  const dry = 'crm: { type: notion, token: "${NOTION_TOKEN}", optional: true }';
  const answers = await asked(`${sink}, ${dry}`, "");
  expect(answers).toEqual({
    findings: [],
    asked: ["team"],
    skipped: [{ sink: "crm", reason: "NOTION_TOKEN not set" }],
  });
  expect(slack.methods()).toEqual(["auth.test"]);
});

test("tells of text where a property wants a number, and of a property that is missing, and asks Notion once", async () => {
  const notion: NotionStandIn = await startNotion();
  onTestFinished(() => notion.close());
  const properties = `{ Minutes: "{{ booking.title }}", Stauts: "{{ booking.status }}" }`;
  const { findings } = await asked(
    `crm: { type: notion, token: ${notion.token}, apiUrl: "${notion.url}" }`,
    `{ name: one, on: "BOOKING_*", to: [{ sink: crm, database: ${notion.database.bookings}, properties: ${properties} }] }`,
  );
  expect(findings.map(({ message }) => message).toSorted()).toEqual([
    expect.stringContaining('no property "Stauts"; did you mean "Status"?'),
    expect.stringContaining('"Minutes" (number) expects a number'),
  ]);
  expect(notion.requests).toHaveLength(3);
});

test("says of a vendor that does not answer where to look", async () => {
  const { findings } = await asked(
    'team: { type: slack, token: xoxb-1, apiUrl: "http://127.0.0.1:1/api/" }',
    route("on: BOOKING_CREATED", '"#sales"'),
  );
  expect(findings).toEqual([
    expect.objectContaining({
      message: expect.stringMatching(/ECONNREFUSED.*look at the network and the sink's address/),
    }),
  ]);
});
