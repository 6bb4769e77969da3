import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { openSink, sinkConformance, startStandIn } from "cal-relay/sdk/testing";
import ntfy from "./example/ntfy.ts";

const start = (): ReturnType<typeof startStandIn> =>
  startStandIn(() => ({ status: 200, body: '{"id":"sPs71M8A2T","event":"message"}' }));

sinkConformance(
  { describe, test },
  {
    plugin: ntfy,
    start,
    connection: (url) => ({ server: url, topic: "canary-topic", token: "tk_canary" }),
    message: (mark) => ({ title: "New booking", text: mark }),
    canaries: ["canary-topic", "tk_canary"],
    statuses: { 401: "misconfigured", 403: "misconfigured" },
  },
);

test("its own test passes under node --test", async () => {
  const file = fileURLToPath(new URL("example/ntfy-test.ts", import.meta.url));
  const args = ["--conditions=cal-relay-source", "--test", file];
  // The runner of this test sets variables that Node's would take for its own.
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: {} });
  expect(stdout).toMatch(/^ℹ pass \d\d$/m);
  expect(stdout).toMatch(/^ℹ fail 0$/m);
});

test("publishes as JSON, emoji and all, and keeps ntfy's id", async () => {
  await using vendor = await start();
  await using sink = await openSink(ntfy, { server: vendor.url, topic: "bookings-4711" });
  const receipt = await sink.deliver({ title: "Zoë 🎉", text: "x".repeat(2_000), priority: 4 });
  expect(receipt).toMatchObject({ id: "sPs71M8A2T" });
  expect(JSON.parse(vendor.requests[0]?.body ?? "")).toEqual({
    topic: "bookings-4711",
    title: "Zoë 🎉",
    message: "x".repeat(1_000),
    priority: 4,
  });
});
