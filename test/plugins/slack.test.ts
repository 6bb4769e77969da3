import { expect, test } from "vitest";
import slack from "../../plugins/slack/index.ts";
import { bench } from "./slack-bench.ts";

const sales = { channel: "#sales", text: "Intro call with Ana" };

test("posts a message with the delivery's id in its metadata, and says where it stands", async () => {
  const { sink, vendor } = await bench();
  const receipt = await sink.deliver(sales, { id: "dlv_1" });
  const [message] = vendor.messages("#sales");
  expect(message).toMatchObject({
    text: "Intro call with Ana",
    blocks: [],
    thread_ts: undefined,
    unfurl: false,
    metadata: { event_type: "cal_relay_delivery", event_payload: { delivery: "dlv_1" } },
  });
  expect(receipt).toEqual({
    id: `C0000000001:${message?.ts}`,
    url: "https://slack.com/app_redirect?channel=C0000000001",
    answer: { channel: "C0000000001", ts: message?.ts },
    note: undefined,
  });
  expect(vendor.methods()).toEqual(["chat.postMessage"]);
});

test("posts to an id and to a person", async () => {
  const { sink, vendor } = await bench();
  await sink.deliver({ ...sales, channel: "C0000000002" });
  await sink.deliver({ ...sales, channel: "@ana" });
  expect(vendor.messages("#support")).toHaveLength(1);
  expect(vendor.messages("@ana")).toHaveLength(1);
});

test("sends blocks with the words of the blocks as text for notifications", async () => {
  const { sink, vendor } = await bench();
  const blocks = [
    { type: "header", text: { type: "plain_text", text: "Booked" } },
    { type: "section", text: { type: "mrkdwn", text: "*Intro call*" }, fields: [{ type: "mrkdwn", text: "Ana" }] },
    { type: "divider" },
  ];
  await sink.deliver({ channel: "#sales", blocks });
  expect(vendor.messages("#sales")).toMatchObject([{ blocks, text: "Booked\n*Intro call*\nAna" }]);
});

test("keeps the author's text beside blocks", async () => {
  const { sink, vendor } = await bench();
  await sink.deliver({ ...sales, blocks: [{ type: "divider" }] });
  expect(vendor.messages("#sales")).toMatchObject([{ text: sales.text, blocks: [{ type: "divider" }] }]);
});

test("posts under another name, with an emoji or a picture, and with previews where asked", async () => {
  const { sink, vendor } = await bench();
  await sink.deliver({ ...sales, username: "Bookings", icon: ":calendar:", unfurl: true });
  await sink.deliver({ ...sales, icon: "https://example.com/icon.png" });
  expect(vendor.messages("#sales")).toMatchObject([
    { username: "Bookings", icon: ":calendar:", unfurl: true },
    { username: undefined, icon: "https://example.com/icon.png", unfurl: false },
  ]);
});

test("sends the token to apiUrl alone, in the header alone, in one request", async () => {
  const { sink, vendor } = await bench();
  await sink.deliver(sales);
  expect(vendor.requests).toHaveLength(1);
  expect(vendor.requests[0]).toMatchObject({ path: "/api/chat.postMessage", method: "POST" });
  expect(vendor.requests[0]?.headers.authorization).toBe(`Bearer ${vendor.token}`);
  expect(vendor.requests[0]?.body).not.toContain(vendor.token);
});

test("posts every event anew by default, and remembers nothing", async () => {
  const { sink, vendor } = await bench();
  await sink.deliver(sales);
  await sink.deliver({ ...sales, text: "Moved" });
  expect(vendor.messages("#sales").map(({ text, thread_ts }) => [text, thread_ts])).toEqual([
    ["Intro call with Ana", undefined],
    ["Moved", undefined],
  ]);
  expect(sink.remembered()).toBeUndefined();
});

test("counts the rate of each channel apart", () => {
  expect(slack.lane?.(slack.message.parse(sales))).toBe("#sales");
  expect(slack.limits).toEqual({ concurrency: 4, rate: "1/s" });
});
