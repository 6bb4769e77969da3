import { expect, test } from "vitest";
import slack from "../../plugins/slack/index.ts";
import { openSink } from "../../src/sdk/testing/open-sink.ts";
import { bench } from "./slack-bench.ts";

const sales = { channel: "#sales", text: "Booked" };
const read = ["chat:write", "channels:read"];

test("asks only for the token and the scopes where there is no message", async () => {
  const { sink, vendor } = await bench();
  expect(await sink.check()).toEqual([]);
  expect(vendor.methods()).toEqual(["auth.test"]);
});

test("sends no message", async () => {
  const { sink, vendor } = await bench();
  expect(await sink.check(sales)).toEqual([]);
  expect(await sink.check({ ...sales, channel: "C0000000001" })).toEqual([]);
  expect(vendor.messages("#sales")).toEqual([]);
});

test("says where the token is to be had when Slack refuses it", async () => {
  const { sink, vendor } = await bench();
  vendor.refuse("auth.test", "token_revoked");
  expect(await sink.check(sales)).toEqual([expect.stringMatching(/token_revoked.*api\.slack\.com\/apps/)]);
});

test("says so when Slack cannot be asked", async () => {
  const { sink, vendor } = await bench();
  vendor.misbehave({ kind: "answer", status: 502 });
  expect(await sink.check(sales)).toEqual(["auth.test was answered with HTTP 502"]);
});

test("ends when its time is up", async () => {
  const { vendor } = await bench();
  const sink = await openSink(slack, { token: vendor.token, apiUrl: vendor.url }, { timeoutMs: 100 });
  vendor.misbehave({ kind: "hang" });
  expect(await sink.check(sales)).toEqual([expect.stringContaining("TimeoutError")]);
  await sink.close();
});

test("names the scopes that the message needs and the app lacks", async () => {
  const { sink } = await bench({ scopes: ["channels:read"] });
  expect(await sink.check({ ...sales, username: "Bookings" })).toEqual([
    expect.stringContaining("the scope chat:write: add it at api.slack.com/apps"),
    expect.stringContaining("the scope chat:write.customize: add it at api.slack.com/apps"),
  ]);
});

test("says when there is no such channel among the app's own", async () => {
  const { sink } = await bench({ scopes: read });
  expect(await sink.check({ ...sales, channel: "#slaes" })).toEqual([expect.stringContaining("/invite @app")]);
});

test.each([
  ["is not in the channel", { isMember: false }, "/invite @app"],
  ["names an archived channel", { isArchived: true }, "archived"],
])("says when the app %s", async (_what, state, advice) => {
  const { sink } = await bench({ scopes: read, channels: [{ id: "C0000000009", name: "events", ...state }] });
  expect(await sink.check({ ...sales, channel: "C0000000009" })).toEqual([expect.stringContaining(advice)]);
});

test("says when there is no channel of that id", async () => {
  const { sink } = await bench({ scopes: read });
  expect(await sink.check({ ...sales, channel: "C0000000404" })).toEqual([
    expect.stringContaining("channel_not_found"),
  ]);
});

test("needs no membership where the app may post in every public channel", async () => {
  const channels = [{ id: "C0000000009", name: "events", isMember: false }];
  const { sink } = await bench({ scopes: [...read, "chat:write.public"], channels });
  expect(await sink.check({ ...sales, channel: "#events" })).toEqual([]);
  expect(await sink.check({ ...sales, channel: "C0000000009" })).toEqual([]);
});

test("takes what the app may not see for no problem", async () => {
  const { sink, vendor } = await bench({ scopes: ["chat:write"] });
  expect(await sink.check({ ...sales, channel: "#anything" })).toEqual([]);
  expect(vendor.methods()).toEqual(["auth.test"]);
});

test("finds a private channel that the app is in", async () => {
  const channels = [{ id: "C0000000009", name: "board", isPrivate: true }];
  const { sink } = await bench({ scopes: ["chat:write", "groups:read"], channels });
  expect(await sink.check({ ...sales, channel: "#board" })).toEqual([]);
  expect(await sink.check({ ...sales, channel: "C0000000009" })).toEqual([]);
});
