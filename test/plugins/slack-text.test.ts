import * as fc from "fast-check";
import { expect, test } from "vitest";
import { plainWords } from "../../plugins/slack/blocks.ts";
import { cut } from "../../plugins/slack/fit.ts";
import slack from "../../plugins/slack/index.ts";
import { bench } from "./slack-bench.ts";

const MARK = "… (cut)";
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

test("leaves out what a template left blank, which Slack would refuse the whole message for", async () => {
  const { sink, vendor } = await bench();
  const [blank, nothing, words] = [" ", null, "Booked"].map((text) => ({ type: "mrkdwn", text }));
  const image = { type: "image", image_url: "https://example.com/a.png", alt_text: "a" };
  const blocks = [
    { type: "header", text: { type: "plain_text", text: "" } },
    { type: "section", text: blank, fields: [nothing, words] },
    { type: "section", text: words, fields: [nothing, blank] },
    { type: "section", text: nothing },
    { type: "context", elements: [nothing, image] },
    { type: "context", elements: [nothing] },
  ];
  await sink.deliver({ channel: "#sales", text: "Booked", blocks });
  expect(vendor.messages("#sales")[0]?.blocks).toEqual([
    { type: "section", fields: [words] },
    { type: "section", text: words },
    { type: "context", elements: [image] },
  ]);
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
