import { inspect } from "node:util";
import { expect, test } from "vitest";
import { classify } from "../../plugins/slack/classify.ts";
import slack from "../../plugins/slack/index.ts";
import { ADDRESS_REFUSED, type SinkFailure } from "../../src/sdk/index.ts";
import { openSink } from "../../src/sdk/testing/open-sink.ts";
import type { Misbehaviour } from "../../src/sdk/testing/stand-in.ts";
import { bench } from "./slack-bench.ts";

const sales = { channel: "#sales", text: "Intro call with canary-attendee" };

/** Slack's `error` with HTTP 200, and what it means for the delivery. */
const platform: Readonly<Record<Exclude<SinkFailure["outcome"], "rate-limited">, readonly string[]>> = {
  unavailable: [
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
    "org_login_required",
    "update_failed",
    "external_channel_migrating",
    "streaming_state_conflict",
    "message_limit_exceeded",
  ],
  misconfigured: [
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "access_denied",
    "accesslimited",
    "team_access_not_granted",
    "two_factor_setup_required",
    "ekm_access_denied",
    "enterprise_is_restricted",
  ],
  rejected: [
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "is_inactive",
    "restricted_action",
    "restricted_action_read_only_channel",
    "cannot_reply_to_message",
    "messages_tab_disabled",
    "team_not_found",
    "slack_connect_file_link_sharing_blocked",
    "no_text",
    "msg_too_long",
    "msg_blocks_too_long",
    "invalid_blocks",
    "invalid_blocks_format",
    "block_mismatch",
    "too_many_attachments",
    "invalid_metadata_format",
    "metadata_too_large",
    "invalid_arguments",
    "invalid_arg_name",
    "invalid_form_data",
    "invalid_post_type",
    "duplicate_channel_not_found",
    "method_deprecated",
    "an_error_of_tomorrow",
  ],
};
const rows = Object.entries(platform).flatMap(([outcome, errors]) => errors.map((error) => ({ outcome, error })));

test.each(rows)("$error: $outcome", async ({ error, outcome }) => {
  const { sink, vendor } = await bench();
  vendor.refuse("chat.postMessage", error);
  await expect(sink.deliver(sales)).rejects.toMatchObject({ outcome, answer: { error } });
  expect(vendor.requests).toHaveLength(1);
});

test.each([
  ["internal_error", true],
  ["fatal_error", true],
  ["service_unavailable", false],
])("%s: the message may have arrived: %s", async (error, ambiguous) => {
  const { sink, vendor } = await bench();
  vendor.refuse("chat.postMessage", error);
  await expect(sink.deliver(sales)).rejects.toMatchObject({ ambiguous });
});

test("waits an hour for a workspace at its message limit", async () => {
  const { sink, vendor } = await bench();
  vendor.refuse("chat.postMessage", "message_limit_exceeded");
  await expect(sink.deliver(sales)).rejects.toMatchObject({ retryAfter: 3600, ambiguous: false });
});

const html = { "content-type": "text/html" };
test.each<[string, Misbehaviour, object]>([
  ["429 in seconds", { kind: "answer", status: 429, headers: { "retry-after": "17" } }, limited(17)],
  ["429 without a time", { kind: "answer", status: 429 }, limited(30)],
  ["429 with nonsense", { kind: "answer", status: 429, headers: { "retry-after": "soon" } }, limited(30)],
  ["503 with a time", { kind: "answer", status: 503, headers: { "retry-after": "11" } }, limited(11)],
  ["503", { kind: "answer", status: 503 }, maybe({ status: 503 })],
  ["500", { kind: "answer", status: 500, headers: html, body: "<h1>canary-page</h1>" }, maybe({ status: 500 })],
  ["408", { kind: "answer", status: 408 }, maybe({ status: 408 })],
  ["204", { kind: "answer", status: 204 }, maybe({ status: 204 })],
  ["400", { kind: "answer", status: 400 }, { outcome: "rejected", answer: { status: 400 } }],
  ["413", { kind: "answer", status: 413 }, { outcome: "rejected", answer: { status: 413 } }],
  ["401 of a proxy", { kind: "answer", status: 401 }, { outcome: "misconfigured", answer: { status: 401 } }],
  ["404 of a wrong apiUrl", { kind: "answer", status: 404 }, { outcome: "misconfigured", answer: { status: 404 } }],
  ["a redirect", { kind: "answer", status: 302, headers: { location: "/elsewhere" } }, { outcome: "misconfigured" }],
  ["200 with a page", { kind: "answer", status: 200, headers: html, body: "<h1>canary-page</h1>" }, maybe()],
  ["200 with half an answer", { kind: "truncate" }, maybe()],
  ["200 without ok", { kind: "answer", status: 200, body: '{"channel":"C0000000001"}' }, maybe()],
  ["200 without ts", { kind: "answer", status: 200, body: '{"ok":true,"channel":"C0000000001"}' }, maybe()],
  ["a reset", { kind: "reset" }, maybe()],
])("%s", async (_what, how, failure) => {
  const { sink, vendor } = await bench();
  vendor.misbehave(how);
  await expect(sink.deliver(sales)).rejects.toMatchObject(failure);
  expect(vendor.requests).toHaveLength(1);
});

test("takes the wait from the header where Slack says ratelimited with HTTP 200", async () => {
  const { sink, vendor } = await bench();
  const body = '{"ok":false,"error":"ratelimited"}';
  vendor.misbehave({ kind: "answer", status: 200, headers: { "retry-after": "12" }, body });
  vendor.misbehave({ kind: "answer", status: 200, body });
  await expect(sink.deliver(sales)).rejects.toMatchObject(limited(12));
  await expect(sink.deliver(sales)).rejects.toMatchObject(limited(30));
});

test.each<Misbehaviour["kind"]>(["hang", "hang-after"])("%s: ends at once on abort", async (kind) => {
  const { sink, vendor } = await bench();
  vendor.misbehave({ kind } as Misbehaviour);
  const abort = new AbortController();
  const trying = Promise.allSettled([sink.deliver(sales, { signal: abort.signal })]);
  await expect.poll(() => vendor.requests).toHaveLength(1);
  abort.abort(new Error("stopping"));
  expect(await trying).toMatchObject([{ reason: { outcome: "unavailable", ambiguous: true } }]);
});

test("names the scope that is missing and where to add it", async () => {
  const { sink } = await bench({ scopes: ["channels:read"] });
  await expect(sink.deliver(sales)).rejects.toMatchObject({
    message: expect.stringContaining("add the scope chat:write at api.slack.com/apps"),
    answer: { error: "missing_scope", needed: "chat:write" },
  });
});

test("says how the app comes into a channel", async () => {
  const { sink } = await bench({ channels: [{ id: "C0000000001", name: "sales", isMember: false }] });
  await expect(sink.deliver(sales)).rejects.toThrow("/invite @app");
});

test("points at the block that Slack refuses", async () => {
  const { sink, vendor } = await bench();
  const blocks = [{ type: "divider" }, { type: "image", alt_text: "" }];
  await expect(sink.deliver({ channel: "#sales", blocks })).rejects.toThrow("at /blocks/1/alt_text");
  expect(vendor.messages("#sales")).toEqual([]);
});

test("asks to name the proxy where slack.com has a private address", () => {
  const refused = Object.assign(new Error("refused"), { code: ADDRESS_REFUSED });
  const error = new TypeError("fetch failed", { cause: refused });
  expect(classify(error, { method: "chat.postMessage" })).toMatchObject({
    outcome: "misconfigured",
    message: expect.stringContaining("apiUrl"),
  });
});

test("tells neither token nor message nor the page of a proxy in errors and log lines", async () => {
  const { sink, vendor } = await bench({ token: "xoxb-canary-token" });
  const page = "<h1>canary-page</h1>";
  vendor.refuse("chat.postMessage", "invalid_blocks", {
    response_metadata: { messages: ["[ERROR] canary-page is no text [json-pointer:/blocks/0/text]"] },
  });
  vendor.misbehave({ kind: "answer", status: 200, headers: html, body: page });
  vendor.misbehave({ kind: "answer", status: 500, headers: { ...html, "x-canary-header": "canary-page" }, body: page });
  vendor.misbehave({ kind: "answer", status: 429, body: page });
  vendor.misbehave({ kind: "reset" });
  vendor.misbehave({ kind: "truncate" });
  const settled = await Promise.allSettled([1, 2, 3, 4, 5, 6].map(() => sink.deliver(sales)));
  const told = inspect([settled, sink.lines], { depth: 12, showHidden: true });
  expect(settled.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => "rejected"));
  expect(told.match(/canary-\w+/g)).toBeNull();
});

test("tells no token when the address cannot be reached", async () => {
  const sink = await openSink(slack, { token: "xoxb-canary-token", apiUrl: "http://nowhere.invalid/api/" });
  const [settled] = await Promise.allSettled([sink.deliver(sales)]);
  await sink.close();
  expect(settled).toMatchObject({ reason: { outcome: "unavailable", answer: expect.anything() } });
  expect(inspect(settled, { depth: 12 }).match(/canary-\w+/g)).toBeNull();
});

function limited(retryAfter: number): object {
  return { outcome: "rate-limited", retryAfter };
}

function maybe(answer?: object): object {
  return { outcome: "unavailable", ambiguous: true, ...(answer && { answer }) };
}
