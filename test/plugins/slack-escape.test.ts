import { expect, test } from "vitest";
import { escape } from "../../plugins/slack/escape.ts";
import slack from "../../plugins/slack/index.ts";
import type { Json } from "../../src/event.ts";
import { render } from "../rendering/render.ts";
import { exampleEvent } from "../routing/example.ts";
import { bench } from "./slack-bench.ts";

const hostile = "<!channel> <https://evil.example.com|click> & more";
const harmless = "&lt;!channel&gt; &lt;https://evil.example.com|click&gt; &amp; more";

function escaped(path: (string | number)[], parent?: unknown): string {
  return escape(hostile, { path, parent });
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
  expect(escape("&lt;", { path: ["text"], parent: {} })).toBe("&amp;lt;");
});

test("a guest called <!channel> notifies nobody, and the author's own markup stands", async () => {
  const { sink, vendor } = await bench();
  const text = "*New* <https://example.com/?a=1&amp;b=2|open> {{ payload.title }}";
  const fields = [{ type: "plain_text", text: "{{ booking.title }}" }];
  await sink.deliver(rendered({ channel: "#sales", text, blocks: [{ type: "section", fields }] }));
  expect(vendor.messages("#sales")).toMatchObject([
    {
      text: `*New* <https://example.com/?a=1&amp;b=2|open> ${harmless}`,
      blocks: [{ fields: [{ type: "plain_text", text: harmless }] }],
    },
  ]);
});

/** A target as the relay renders it, for a booking whose title is hostile. */
function rendered(target: Json): Json {
  const { booking } = exampleEvent();
  return render(
    target,
    { payload: { title: hostile }, booking: { ...booking, title: hostile } },
    (text, place) => slack.escape?.(text, { ...place, root: target }) ?? text,
  );
}
