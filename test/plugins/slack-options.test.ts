import { expect, test } from "vitest";
import { z } from "zod";
import slack from "../../plugins/slack/index.ts";

/** What is wrong, as `path: message`. */
function problems(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
}

const ofMessage = (value: object) => problems(slack.message, { channel: "#sales", text: "Booked", ...value });
const ofBlock = (block: unknown) => ofMessage({ blocks: [{ type: "divider" }, block] });
const section = (text: unknown) => ({ type: "section", text });

test("fills in what is left out", () => {
  expect(slack.message.parse({ channel: "#sales", text: "Booked" })).toEqual({
    channel: "#sales",
    text: "Booked",
    onUpdate: "new",
    unfurl: false,
  });
});

test.each(["#sales", "#ventas-españa", "@ana", "C0123456789", "G0123456789", "D0123456789", "U0123456789"])(
  "takes the channel %s",
  (channel) => {
    expect(ofMessage({ channel })).toEqual([]);
  },
);

test.each(["", "sales", "#", "@", "#two words", "c0123456789", "https://example.slack.com/archives/C0123456789"])(
  "refuses the channel %j",
  (channel) => {
    expect(ofMessage({ channel })).toEqual(['channel: expected "#name", "@user" or an id']);
  },
);

test.each(["xoxb-1-example", "xoxp-1-example", "xoxe.xoxb-1-example"])("takes the token %s", (token) => {
  expect(problems(slack.connection, { token })).toEqual([]);
});

test.each(["", "example", "https://hooks.slack.com/services/T0/B0/x", "xapp-1-example"])(
  "refuses the token %j, and says what one looks like",
  (token) => {
    expect(problems(slack.connection, { token })).toEqual([
      'token: expected a bot token "xoxb-…" or a user token "xoxp-…"',
    ]);
  },
);

test("refuses an apiUrl that is none", () => {
  const token = "xoxb-1-example";
  expect(problems(slack.connection, { token, apiUrl: "ftp://example.com" })).toEqual([
    "apiUrl: expected an http or https URL",
  ]);
});

test.each([{}, { text: "" }, { text: " \n", blocks: [] }])("refuses a message without words: %j", (words) => {
  expect(problems(slack.message, { channel: "#sales", ...words })).toEqual(["text: expected a text, blocks or both"]);
});

test.each([":calendar:", ":+1::skin-tone-2:", "https://example.com/icon.png"])("takes the icon %s", (icon) => {
  expect(ofMessage({ icon })).toEqual([]);
});

test("refuses an icon that is neither", () => {
  expect(ofMessage({ icon: "calendar" })).toEqual([
    'icon: expected an emoji such as ":calendar:" or the URL of an image',
  ]);
});

test("takes 50 blocks and refuses 51", () => {
  const blocks = Array.from({ length: 51 }, () => ({ type: "divider" }));
  expect(ofMessage({ blocks: blocks.slice(1) })).toEqual([]);
  expect(ofMessage({ blocks })).toEqual(["blocks: expected at most 50 blocks"]);
});

test.each([
  { type: "section", text: { type: "mrkdwn", text: "*Booked*", verbatim: true }, accessory: { type: "image" } },
  { type: "section", fields: [{ type: "plain_text", text: "Ana", emoji: true }], block_id: "people" },
  { type: "header", text: { type: "plain_text", text: "Booked" } },
  { type: "context", elements: [{ type: "mrkdwn", text: "by Cal.com" }] },
  { type: "rich_text", elements: [] },
])("takes a block as Slack documents it, and keys it does not know: $type", (block) => {
  expect(ofBlock(block)).toEqual([]);
});

test.each<[string, unknown, string]>([
  ["an unknown type", { type: "sectoin" }, "blocks.1.type: expected a type of block that Slack knows, such as section"],
  ["a text that is a string", section("Booked"), "blocks.1.text: Invalid input: expected object, received string"],
  ["no elements", { type: "context", elements: [] }, "blocks.1.elements: expected at least one element"],
  ["an empty section", { type: "section" }, "blocks.1.text: expected text, fields or both"],
  ["no fields", { type: "section", fields: [] }, "blocks.1.fields: expected at least one field"],
  [
    "11 fields",
    { type: "section", fields: Array.from({ length: 11 }, () => ({ type: "mrkdwn", text: "Ana" })) },
    "blocks.1.fields: expected at most 10 fields",
  ],
  [
    "a header in mrkdwn",
    { type: "header", text: { type: "mrkdwn", text: "Booked" } },
    'blocks.1.text.type: Invalid input: expected "plain_text"',
  ],
  [
    "a block_id of 256 characters",
    { type: "divider", block_id: "x".repeat(256) },
    "blocks.1.block_id: expected at most 255 characters",
  ],
])("refuses %s, and points at it", (_what, block, problem) => {
  expect(ofBlock(block)).toEqual([problem]);
});

test("can be shown to editors as JSON Schema", () => {
  const { properties } = z.toJSONSchema(slack.message, { io: "input" });
  expect(Object.keys(properties ?? {})).toEqual([
    "channel",
    "text",
    "blocks",
    "onUpdate",
    "unfurl",
    "username",
    "icon",
  ]);
});
