import { expect, test } from "vitest";
import { message } from "../../plugins/slack/options.ts";
import { preview } from "../../plugins/slack/preview.ts";

function shown(given: unknown): string {
  return preview(message.parse(given));
}

const mrkdwn = (text: string): object => ({ type: "mrkdwn", text });
const raw = (text: string): object => ({ type: "raw_text", text });
const plain = (text: string): object => ({ type: "plain_text", text });

test.each([
  [undefined, "#sales, a new message each time"],
  ["thread", "#sales, in the booking's thread"],
  ["edit", "#sales, edits the booking's message"],
])("says where it goes and what later events do: %s", (onUpdate, head) => {
  const text = "*Ann &amp; Bob &lt;3* <https://example.com|the call>";
  expect(shown({ channel: "#sales", text, onUpdate })).toBe(`${head}\n\n*Ann & Bob <3* <https://example.com|the call>`);
});

test("shows blocks as Slack lays them out, and where to see them drawn", () => {
  const blocks = [
    { type: "header", text: plain("New booking") },
    {
      type: "section",
      text: mrkdwn("*Intro call* with Ann &amp; Bob"),
      accessory: { type: "image", image_url: "https://example.com/ann.png", alt_text: "Ann's picture" },
    },
    {
      type: "section",
      fields: [mrkdwn("*When*\nTue 1 Dec, 16:00"), mrkdwn("*Where*\nVideo"), mrkdwn("*Guest*\nAnn"), mrkdwn(" ")],
    },
    { type: "divider" },
    {
      type: "context",
      elements: [{ type: "image", image_url: "https://e.com/a.png", alt_text: "logo" }, plain("cal")],
    },
    {
      type: "actions",
      elements: [
        { type: "button", text: plain("Join"), url: "https://example.com/join?a=1" },
        { type: "button", text: plain("Seen") },
      ],
    },
    { type: "image", image_url: "https://example.com/map.png", alt_text: "a map", title: plain("The way") },
    { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "a < b" }] }] },
    { type: "table", rows: [["Guest", "Seats"].map(raw), ["Ann & Bob", "2"].map(raw)] },
  ];
  const [text, link] = shown({
    channel: "C0123456789",
    text: "Booked\nnow",
    blocks,
    username: "Bookings",
    icon: ":calendar:",
  }).split("\n\nhttps://app.slack.com/block-kit-builder#");
  expect(text).toBe(
    `C0123456789, a new message each time
as Bookings :calendar:

# New booking
*Intro call* with Ann & Bob
(image: Ann's picture)
*When*            *Where*
Tue 1 Dec, 16:00  Video
*Guest*
Ann
────────────────────────────────────────
(image: logo)  cal
[Join](https://example.com/join?a=1)  [Seen]
The way
(image: a map)
a < b
Guest | Seats
Ann & Bob | 2

notified as  Booked now`,
  );
  expect(JSON.parse(decodeURIComponent(link ?? ""))).toMatchObject({
    blocks: [blocks[0], {}, {}, {}, {}, {}, {}, {}, {}],
  });
});

test("says what Slack's limits cut", () => {
  const lines = shown({ channel: "#sales", text: "a".repeat(5_000) }).split("\n");
  expect(lines.at(-1)).toBe("(text cut at 4,000 characters)");
  expect(lines[2]).toHaveLength(4_000);
});

test("puts long fields below each other", () => {
  const [one, other] = ["a".repeat(50), "b"];
  const text = shown({ channel: "#sales", blocks: [{ type: "section", fields: [mrkdwn(one), mrkdwn(other)] }] });
  expect(text).toContain(`\n\n${one}\n${other}\n\nhttps://app.slack.com/`);
});
