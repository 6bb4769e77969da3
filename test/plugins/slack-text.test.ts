import * as fc from "fast-check";
import { expect, test } from "vitest";
import { plainWords } from "../../plugins/slack/blocks.ts";
import { cut } from "../../plugins/slack/fit.ts";
import slack from "../../plugins/slack/index.ts";
import { bench } from "./slack-bench.ts";

const MARK = "… (cut)";
const hostile = "<!channel> <https://evil.example.com|click> & more";
const harmless = "&lt;!channel&gt; &lt;https://evil.example.com|click&gt; &amp; more";

function escaped(path: (string | number)[], parent?: unknown): string | undefined {
  return slack.escape?.(hostile, { path, parent, root: parent, template: "{{ booking.title }}" });
}

test("makes a stranger's words harmless in the text", () => {
  expect(escaped(["text"], { channel: "#sales", text: "{{ booking.title }}" })).toBe(harmless);
});

test.each(["mrkdwn", "plain_text"])("makes a stranger's words harmless in a %s object", (type) => {
  expect(escaped(["blocks", 0, "text", "text"], { type, text: "{{ booking.title }}" })).toBe(harmless);
  expect(escaped(["blocks", 0, "fields", 3, "text"], { type, text: "{{ booking.title }}" })).toBe(harmless);
});

test("makes a stranger's words harmless in a Markdown block", () => {
  expect(escaped(["blocks", 0, "text"], { type: "markdown", text: "{{ booking.title }}" })).toBe(harmless);
});

test.each(["text", "link", "raw_text"])("leaves a %s element as it is, which Slack never parses", (type) => {
  expect(escaped(["blocks", 0, "elements", 0, "elements", 0, "text"], { type, text: "{{ x }}" })).toBe(hostile);
});

test.each([
  "channel",
  "url",
  "image_url",
  "thumb_url",
  "value",
  "action_id",
  "block_id",
  "alt_text",
  "username",
  "icon",
])("leaves %s as it is", (key) => {
  expect(escaped([key], {})).toBe(hostile);
});

test.each([[["blocks"]], [["blocks", 2]], [["blocks", 0, "fields"]]])(
  "makes a whole structure out of one template harmless at %j",
  (path) => {
    expect(escaped(path, [])).toBe(harmless);
  },
);

test("escapes the ampersand first", () => {
  const place = { path: ["text"], parent: {}, root: {}, template: "" };
  expect(slack.escape?.("&lt;", place)).toBe("&amp;lt;");
});

test.each([
  ["abcdefghijklmnopqrst", 20, "abcdefghijklmnopqrst"],
  ["abcdefghijklmnopqrstu", 20, `abcdefghijklm${MARK}`],
  ["abcdefghijkl&amp;stuvw", 20, `abcdefghijkl${MARK}`],
  ["abcdefgh &lt;mnopqrstuvw", 20, `abcdefgh &lt;${MARK}`],
  ["see <https://example.com/a|the page> now", 20, `see${MARK}`],
  ["abcdefghijk👩‍👩‍👧‍👦lmnopqrst", 20, `abcdefghijk${MARK}`],
  ["abcdefghijkl🇪🇸mnopqrstuv", 20, `abcdefghijkl${MARK}`],
  ["<https://example.com/a-long-way|link>", 20, MARK],
])("cuts %j at %i", (text, limit, result) => {
  expect(cut(text, limit)).toBe(result);
});

test("cuts within the limit, on whole characters, entities and links, whatever the text", () => {
  const parts = fc.constantFrom("a ", "&amp;", "&lt;", "&gt;", "<https://example.com|x>", "👩‍👩‍👧", "é", "\n", "🇪🇸");
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 60 }), fc.integer({ min: 8, max: 80 }), (texts, limit) => {
      const whole = texts.join("");
      const short = cut(whole, limit);
      const kept = short.endsWith(MARK) && short !== whole ? short.slice(0, -MARK.length) : short;
      expect(short.length).toBeLessThanOrEqual(Math.max(limit, MARK.length));
      expect(whole.startsWith(kept)).toBe(true);
      expect(kept.replaceAll(/&(amp|lt|gt);|<[^<>]*>/g, "")).not.toMatch(/[&<>]/);
      expect(kept.isWellFormed()).toBe(true);
    }),
  );
});

test("cuts a text at 4,000 characters and says so in the receipt", async () => {
  const { sink, vendor } = await bench();
  const receipt = await sink.deliver({ channel: "#sales", text: "a".repeat(4_001) });
  const [sent] = vendor.messages("#sales");
  expect(sent?.text).toHaveLength(4_000);
  expect(sent?.text.endsWith(`a${MARK}`)).toBe(true);
  expect(receipt?.note).toBe("text cut at 4,000 characters");
});

const mrkdwn = (length: number) => ({ type: "mrkdwn", text: "a".repeat(length) });

test("cuts section, fields and header where Slack would refuse them", async () => {
  const { sink, vendor } = await bench();
  const blocks = [
    { type: "header", text: { type: "plain_text", text: "a".repeat(151) } },
    { type: "section", text: mrkdwn(3_001), fields: [mrkdwn(2_001), mrkdwn(2_000)] },
    { type: "section", text: mrkdwn(3_000) },
  ];
  const receipt = await sink.deliver({ channel: "#sales", text: "Booked", blocks });
  const [sent] = vendor.messages("#sales");
  expect(sent?.blocks).toMatchObject([
    { text: { text: `${"a".repeat(143)}${MARK}` } },
    { text: { text: `${"a".repeat(2_993)}${MARK}` }, fields: [{ text: `${"a".repeat(1_993)}${MARK}` }, mrkdwn(2_000)] },
    { text: mrkdwn(3_000) },
  ]);
  expect(receipt?.note).toBe(
    "header cut at 150 characters, section cut at 3,000 characters, field cut at 2,000 characters",
  );
});

test("gives notifications the words of all kinds of blocks, and makes literal ones safe as mrkdwn", () => {
  const run = [
    { type: "text", text: "Guest: " },
    { type: "text", text: "<!here>" },
  ];
  const blocks = [
    { type: "context", elements: [{ type: "mrkdwn", text: "by *Cal.com*" }] },
    { type: "rich_text", elements: [{ type: "rich_text_section", elements: run }] },
    { type: "table", rows: [[{ type: "raw_text", text: "A & B" }]] },
    { type: "image", image_url: "https://example.com/map.png", alt_text: "A map" },
    { type: "markdown", text: "**Bye**" },
  ];
  const { blocks: parsed = [] } = slack.message.parse({ channel: "#sales", blocks });
  expect(plainWords(parsed).split("\n")).toEqual([
    "by *Cal.com*",
    "Guest: &lt;!here&gt;",
    "A &amp; B",
    "A map",
    "**Bye**",
  ]);
});
