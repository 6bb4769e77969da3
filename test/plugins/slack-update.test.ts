import { expect, test } from "vitest";
import type { SlackMessage } from "../support/slack.ts";
import { bench } from "./slack-bench.ts";

const threaded = { channel: "#sales", text: "Booked", onUpdate: "thread" };
const edited = { channel: "#sales", text: "Booked", onUpdate: "edit" };
const said = (messages: readonly SlackMessage[]) => messages.map(({ text, thread_ts }) => [text, thread_ts]);

test("thread: later events of a booking reply to its first message", async () => {
  const { sink, vendor } = await bench();
  for (const text of ["Booked", "Moved", "Cancelled"]) await sink.deliver({ ...threaded, text });
  const root = vendor.messages("#sales")[0]?.ts;
  expect(said(vendor.messages("#sales"))).toEqual([
    ["Booked", undefined],
    ["Moved", root],
    ["Cancelled", root],
  ]);
  expect(sink.remembered()).toEqual({ channel: "#sales", id: "C0000000001", ts: root });
});

test("thread: replies go to the channel's id, which stays when its name changes", async () => {
  const { sink, vendor } = await bench();
  await sink.deliver(threaded);
  await sink.deliver(threaded);
  expect(vendor.requests.map(({ body }) => new URLSearchParams(body).get("channel"))).toEqual([
    "#sales",
    "C0000000001",
  ]);
});

test("thread: another booking starts its own", async () => {
  const { sink, vendor } = await bench();
  await sink.deliver(threaded);
  await sink.deliver(threaded, { bookingKey: "anotherBooking" });
  expect(vendor.messages("#sales").map(({ thread_ts }) => thread_ts)).toEqual([undefined, undefined]);
});

test("thread: starts anew where the first message is gone, and goes on from there", async () => {
  const { sink, vendor } = await bench();
  await sink.deliver(threaded);
  vendor.remove("#sales", vendor.messages("#sales")[0]?.ts ?? "");
  await sink.deliver({ ...threaded, text: "Moved" });
  await sink.deliver({ ...threaded, text: "Cancelled" });
  const root = vendor.messages("#sales")[0]?.ts;
  expect(said(vendor.messages("#sales"))).toEqual([
    ["Moved", undefined],
    ["Cancelled", root],
  ]);
});

test("edit: later events edit the first message, its blocks and its metadata", async () => {
  const { sink, vendor } = await bench();
  await sink.deliver({ ...edited, blocks: [{ type: "divider" }] }, { id: "dlv_first" });
  const receipt = await sink.deliver({ ...edited, text: "Moved" }, { id: "dlv_second" });
  const messages = vendor.messages("#sales");
  expect(messages).toMatchObject([
    { text: "Moved", blocks: [], edits: 1, metadata: { event_payload: { delivery: "dlv_second" } } },
  ]);
  expect(receipt?.id).toBe(`C0000000001:${messages[0]?.ts}`);
  expect(vendor.methods()).toEqual(["chat.postMessage", "chat.update"]);
});

test("edit: works in a direct message, which Slack edits by its own id only", async () => {
  const { sink, vendor } = await bench();
  await sink.deliver({ ...edited, channel: "@ana" });
  await sink.deliver({ ...edited, channel: "@ana", text: "Moved" });
  expect(vendor.messages("@ana")).toMatchObject([{ text: "Moved", edits: 1 }]);
});

test.each(["message_not_found", "cant_update_message", "edit_window_closed"])(
  "edit: posts anew and remembers it on %s",
  async (error) => {
    const { sink, vendor } = await bench();
    await sink.deliver(edited);
    vendor.refuse("chat.update", error);
    await sink.deliver({ ...edited, text: "Moved" });
    await sink.deliver({ ...edited, text: "Cancelled" });
    expect(vendor.messages("#sales").map(({ text, edits }) => [text, edits])).toEqual([
      ["Booked", 0],
      ["Cancelled", 1],
    ]);
  },
);

test("edit: another refusal posts nothing", async () => {
  const { sink, vendor } = await bench();
  await sink.deliver(edited);
  vendor.refuse("chat.update", "restricted_action");
  await expect(sink.deliver({ ...edited, text: "Moved" })).rejects.toMatchObject({ outcome: "rejected" });
  expect(vendor.messages("#sales")).toHaveLength(1);
});

test.each([threaded, edited])("$onUpdate: starts anew when the target names another channel", async (message) => {
  const { sink, vendor } = await bench();
  await sink.deliver(message);
  await sink.deliver({ ...message, channel: "#support" });
  expect(vendor.messages("#support")).toMatchObject([{ thread_ts: undefined, edits: 0 }]);
  expect(sink.remembered()).toMatchObject({ channel: "#support", id: "C0000000002" });
});

test.each([threaded, edited])(
  "$onUpdate: goes on where the channel's id takes the place of its name",
  async (message) => {
    const { sink, vendor } = await bench();
    await sink.deliver(message);
    await sink.deliver({ ...message, channel: "C0000000001" });
    expect(vendor.methods()[1]).toBe(message.onUpdate === "edit" ? "chat.update" : "chat.postMessage");
    expect(vendor.messages("#sales").filter(({ thread_ts }) => thread_ts === undefined)).toHaveLength(1);
  },
);

test.each(["channel_not_found", "is_archived"])(
  "starts anew in the channel that has the name now: %s",
  async (error) => {
    const { sink, vendor } = await bench();
    await sink.deliver(edited);
    vendor.refuse("chat.update", error);
    await sink.deliver({ ...edited, text: "Moved" });
    expect(vendor.messages("#sales").map(({ text }) => text)).toEqual(["Booked", "Moved"]);
  },
);

test.each([null, "1767225600.000001", { ts: 1 }, { channel: "#sales", id: "C0000000001" }])(
  "takes a memory of another shape for none: %j",
  async (value) => {
    const { sink, vendor } = await bench();
    await sink.deliver(edited, { memory: { get: () => value, set: () => undefined } });
    expect(vendor.methods()).toEqual(["chat.postMessage"]);
  },
);
