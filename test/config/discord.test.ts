import { describe, expect, onTestFinished, test } from "vitest";
import discord from "../../config/recipes/discord.ts";
import { openSink, sinkConformance, type OpenedSink } from "../../src/sdk/testing/index.ts";
import { startDiscord, type DiscordStandIn } from "../support/discord.ts";
import { runProgram } from "../support/program.ts";

sinkConformance(
  { describe, test },
  {
    plugin: discord,
    start: startDiscord,
    connection: (url) => ({ url: `${url}/api/webhooks/77/canary-token` }),
    message: (mark) => ({ content: mark, onUpdate: "edit" }),
    canaries: ["canary-token"],
    statuses: { 401: "misconfigured", 403: "misconfigured", 404: "misconfigured" },
  },
);

async function bench(connection: object = {}): Promise<{ sink: OpenedSink; vendor: DiscordStandIn }> {
  const vendor = await startDiscord();
  onTestFinished(() => vendor.close());
  const sink = await openSink(discord, { url: vendor.webhook, ...connection });
  onTestFinished(() => sink.close());
  return { sink, vendor };
}

const contents = ({ messages }: DiscordStandIn): unknown[] => [...messages.values()].map((one) => Object(one).content);
const place = (...path: (string | number)[]) => ({ path, parent: undefined, root: undefined, template: "" });

test("keeps one message a booking up to date, and writes it anew once somebody has deleted it", async () => {
  const { sink, vendor } = await bench();
  await sink.deliver({ content: "booked", onUpdate: "edit" });
  await sink.deliver({ content: "moved", onUpdate: "edit" });
  await sink.deliver({ content: "another", onUpdate: "edit" }, { bookingKey: "other" });
  expect(contents(vendor)).toEqual(["moved", "another"]);
  vendor.messages.clear();
  await sink.deliver({ content: "cancelled", onUpdate: "edit" });
  await sink.deliver({ content: "after all", onUpdate: "edit" });
  expect(contents(vendor)).toEqual(["after all"]);
});

test("makes a new message each time unless told otherwise", async () => {
  const { sink, vendor } = await bench();
  for (const content of ["one", "two"]) await sink.deliver({ content });
  expect(contents(vendor)).toEqual(["one", "two"]);
});

test("posts into a thread, under a name and a picture, and pings nobody", async () => {
  const { sink, vendor } = await bench({ threadId: "42" });
  await sink.deliver({ content: "@everyone", username: "Bookings", avatarUrl: "https://example.com/a.png" });
  expect(vendor.requests[0]?.query.get("thread_id")).toBe("42");
  expect([...vendor.messages.values()]).toMatchObject([{ username: "Bookings", allowed_mentions: { parse: [] } }]);
});

test("leaves out what renders to nothing, and cuts what is too long without half an escape", async () => {
  const { sink, vendor } = await bench();
  const fields = [
    { name: "Why", value: "" },
    { name: "Minutes", value: 30 },
    { name: "", value: "x" },
  ];
  const long = `${"a".repeat(1999)}\\*b`;
  await sink.deliver({ content: long, embeds: [{ title: null, fields, url: "", footer: null }, { title: "" }] });
  expect([...vendor.messages.values()]).toEqual([
    expect.objectContaining({ content: "a".repeat(1999), embeds: [{ fields: [{ name: "Minutes", value: "30" }] }] }),
  ]);
  expect(discord.message.safeParse({ embeds: [{ title: "" }] }).error?.issues).toMatchObject([
    { message: "expected content, or an embed with something in it" },
  ]);
  const embeds = [1, 2].map(() => ({ description: "a".repeat(4000) }));
  expect(discord.message.safeParse({ embeds }).error?.issues).toMatchObject([
    { message: "expected at most 6,000 characters in all embeds together" },
  ]);
});

test("holds the sink once the webhook is gone, also at an edit", async () => {
  const { sink, vendor } = await bench();
  await sink.deliver({ content: "booked", onUpdate: "edit" });
  vendor.remove();
  await expect(sink.deliver({ content: "moved", onUpdate: "edit" })).rejects.toMatchObject({
    outcome: "misconfigured",
    message: expect.stringContaining("make a new webhook"),
  });
});

test("says which part Discord refuses, and nothing of what stood there", async () => {
  const { sink } = await bench();
  const refused = sink.deliver({ content: "x", avatarUrl: "https://example.com", username: "" });
  await expect(refused).rejects.toMatchObject({ outcome: "rejected", message: "HTTP 400: Discord refuses username" });
  const [settled] = await Promise.allSettled([refused]);
  expect(JSON.stringify(settled)).not.toContain("canary-of-a-value");
});

test.each([
  ["its body", { body: '{"retry_after":0.75}' }, 0.75],
  ["Retry-After", { headers: { "retry-after": "7" }, body: "" }, 7],
  ["X-RateLimit-Reset-After", { headers: { "x-ratelimit-reset-after": "1.5" }, body: "" }, 1.5],
])("waits as long as HTTP 429 asks in %s", async (_where, how, retryAfter) => {
  const { sink, vendor } = await bench();
  vendor.misbehave({ kind: "answer", status: 429, ...how });
  await expect(sink.deliver({ content: "x" })).rejects.toMatchObject({ outcome: "rate-limited", retryAfter });
});

test("a try that may have arrived is made again and says so", async () => {
  const { sink, vendor } = await bench();
  vendor.misbehave({ kind: "reset-after" });
  await expect(sink.deliver({ content: "x" })).rejects.toMatchObject({ outcome: "unavailable", ambiguous: true });
  const receipt = await sink.deliver({ content: "x" }, { maybeDelivered: true, attempt: 2 });
  expect(receipt?.note).toBe("an earlier try may have arrived too");
});

test.each([
  ["**Ann** _x_ ~~y~~ `z` |s|", "\\*\\*Ann\\*\\* \\_x\\_ \\~\\~y\\~\\~ \\`z\\` \\|s\\|"],
  ["<@1> [x](https://example.com/a_b)", "\\<@1\\> \\[x\\](https://example.com/a_b)"],
  ["https://a](https://evil.example)", "https://a\\](https://evil.example)"],
  ["https://a**<@1>", "https://a\\*\\*\\<@1\\>"],
  ["at 16:00, https://example.com/a_b", "at 16:00, https://example.com/a_b"],
  ["# loud\n- one #2", "\\# loud\n\\- one #2"],
])("%j shows as it was typed", (typed, escaped) => {
  expect(discord.escape?.(typed, place("embeds", 0, "fields", 0, "value"))).toBe(escaped);
});

test.each([[["username"]], [["embeds", 0, "footer"]], [["embeds", 0, "url"]]])("%j has no Markdown", (path) => {
  expect(discord.escape?.("a_b*c", place(...path))).toBe("a_b*c");
});

test("the real program loads it from beside the recipe, and its suite passes", async () => {
  const config = ["--config", "config/recipes/discord.yaml"];
  const cwd = new URL("../..", import.meta.url).pathname;
  const [checked, tested] = await Promise.all([
    runProgram(["check", ...config], { cwd }),
    runProgram(["test", "config/recipes/discord.test.yaml"], { cwd }),
  ]);
  expect(checked).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("runs dry") });
  expect(tested).toMatchObject({ code: 0, stdout: expect.stringContaining("3 tests in 1 suite: all well") });
}, 60_000);
