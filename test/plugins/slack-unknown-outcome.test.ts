import { expect, test } from "vitest";
import type { Misbehaviour } from "../../src/sdk/testing/stand-in.ts";
import { bench, type SlackBench } from "./slack-bench.ts";

const sales = { channel: "C0000000001", text: "Booked" };
const again = { id: "dlv_1", attempt: 2, maybeDelivered: true };

/** A first try that Slack carried out although the answer was lost. */
async function loseAnswer(
  { sink, vendor }: SlackBench,
  message: unknown,
  how: Misbehaviour = { kind: "reset-after" },
): Promise<void> {
  vendor.misbehave(how);
  await expect(sink.deliver(message, { id: "dlv_1" })).rejects.toMatchObject({ ambiguous: true });
}

test.each<Misbehaviour>([{ kind: "reset-after" }, { kind: "truncate" }, { kind: "answer-after", status: 502 }])(
  "does not post twice what arrived although the answer was lost: $kind",
  async (how) => {
    const at = await bench();
    await loseAnswer(at, sales, how);
    const receipt = await at.sink.deliver(sales, again);
    expect(at.vendor.messages("#sales")).toHaveLength(1);
    expect(receipt).toMatchObject({
      id: `C0000000001:${at.vendor.messages("#sales")[0]?.ts}`,
      note: "an earlier try had arrived",
    });
  },
);

test("posts what had not arrived", async () => {
  const { sink, vendor } = await bench();
  vendor.say("#sales", "Hello");
  await sink.deliver(sales, { id: "dlv_0" });
  const receipt = await sink.deliver(sales, again);
  expect(vendor.messages("#sales")).toHaveLength(3);
  expect(receipt?.note).toBeUndefined();
});

test("remembers the message it found, so that later events find it too", async () => {
  const at = await bench();
  await loseAnswer(at, { ...sales, onUpdate: "thread" });
  await at.sink.deliver({ ...sales, onUpdate: "thread" }, again);
  await at.sink.deliver({ ...sales, onUpdate: "thread", text: "Moved" });
  const root = at.vendor.messages("#sales")[0]?.ts;
  expect(at.vendor.messages("#sales").map(({ thread_ts }) => thread_ts)).toEqual([undefined, root]);
});

test("looks for a reply among the replies", async () => {
  const at = await bench();
  const threaded = { ...sales, channel: "#sales", onUpdate: "thread" };
  await at.sink.deliver(threaded, { id: "dlv_0" });
  await loseAnswer(at, threaded);
  await at.sink.deliver(threaded, again);
  expect(at.vendor.messages("#sales")).toHaveLength(2);
  expect(at.vendor.methods().at(-1)).toBe("conversations.replies");
});

test("starts a thread anew, once, where the first message is gone", async () => {
  const at = await bench();
  const threaded = { ...sales, onUpdate: "thread" };
  await at.sink.deliver(threaded, { id: "dlv_0" });
  at.vendor.remove("#sales", at.vendor.messages("#sales")[0]?.ts ?? "");
  at.vendor.misbehave({ kind: "reset-after" }, ({ body }) => !body.includes("thread_ts"));
  await expect(at.sink.deliver(threaded, { id: "dlv_1" })).rejects.toMatchObject({ ambiguous: true });
  await at.sink.deliver(threaded, again);
  expect(at.vendor.messages("#sales")).toHaveLength(1);
});

test("repeats an edit without looking", async () => {
  const at = await bench();
  const edited = { ...sales, onUpdate: "edit" };
  await at.sink.deliver(edited, { id: "dlv_0" });
  await loseAnswer(at, { ...edited, text: "Moved" });
  await at.sink.deliver({ ...edited, text: "Moved" }, again);
  expect(at.vendor.messages("#sales")).toMatchObject([{ text: "Moved" }]);
  expect(at.vendor.methods()).toEqual(["chat.postMessage", "chat.update", "chat.update"]);
});

test("finds a message by a channel's name once Slack has told the channel's id", async () => {
  const at = await bench();
  const named = { ...sales, channel: "#sales" };
  await at.sink.deliver(named, { id: "dlv_0" });
  await loseAnswer(at, named);
  await at.sink.deliver(named, again);
  expect(at.vendor.messages("#sales")).toHaveLength(2);
});

test.each([
  [{ id: "C0000000001", name: "sales" }, ["channels:read", "channels:history"]],
  [{ id: "C0000000001", name: "sales", isPrivate: true }, ["groups:read", "groups:history"]],
])("finds a message by a channel's name where the app may see its channels: %j", async (channel, scopes) => {
  const at = await bench({ channels: [channel], scopes: ["chat:write", ...scopes] });
  const named = { ...sales, channel: "#sales" };
  await loseAnswer(at, named);
  const receipt = await at.sink.deliver(named, again);
  expect(at.vendor.messages("#sales")).toHaveLength(1);
  expect(receipt?.note).toBe("an earlier try had arrived");
});

test.each([
  ["#sales", ["chat:write", "channels:history"]],
  ["#elsewhere", ["chat:write", "chat:write.public", "channels:history", "channels:read"]],
  ["@ana", ["chat:write", "im:history"]],
])("posts again, and says so, where the id of %s is not to be known", async (channel, scopes) => {
  const channels = [
    { id: "C0000000001", name: "sales" },
    { id: "C0000000002", name: "elsewhere", isMember: false },
  ];
  const at = await bench({ channels, scopes });
  const named = { ...sales, channel };
  await loseAnswer(at, named);
  const receipt = await at.sink.deliver(named, again);
  expect(at.vendor.messages(channel)).toHaveLength(2);
  expect(receipt?.note).toContain("an earlier try may have arrived too");
});

test("posts again where Slack refuses to tell the channels", async () => {
  const at = await bench();
  const named = { ...sales, channel: "#sales" };
  await loseAnswer(at, named);
  at.vendor.refuse("users.conversations", "invalid_arguments");
  at.vendor.refuse("users.conversations", "invalid_arguments");
  const receipt = await at.sink.deliver(named, again);
  expect(at.vendor.messages("#sales")).toHaveLength(2);
  expect(receipt?.note).toContain("an earlier try may have arrived too");
});

test("posts again, and says which scope is missing, where the app may not look", async () => {
  const at = await bench({ scopes: ["chat:write"] });
  await loseAnswer(at, sales);
  const receipt = await at.sink.deliver(sales, again);
  expect(at.vendor.messages("#sales")).toHaveLength(2);
  expect(receipt?.note).toContain("an earlier try may have arrived too");
  expect(receipt?.note).toContain("channels:history");
});

test.each<[Misbehaviour, string]>([
  [{ kind: "answer", status: 500 }, "unavailable"],
  [{ kind: "answer", status: 429, headers: { "retry-after": "9" } }, "rate-limited"],
  [{ kind: "reset" }, "unavailable"],
])("looks again at the next try where Slack fails to answer: $0", async (how, outcome) => {
  const at = await bench();
  await loseAnswer(at, sales);
  at.vendor.misbehave(how);
  await expect(at.sink.deliver(sales, again)).rejects.toMatchObject({ outcome });
  await at.sink.deliver(sales, again);
  expect(at.vendor.messages("#sales")).toHaveLength(1);
});

test("takes no message for its own by another app's metadata", async () => {
  const { sink, vendor } = await bench();
  const foreign = vendor.say("#sales", "Booked");
  foreign.metadata = { event_type: "another_app", event_payload: { delivery: "dlv_1" } };
  await sink.deliver(sales, again);
  expect(vendor.messages("#sales")).toHaveLength(2);
});
