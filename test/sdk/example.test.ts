import { describe, expect, test } from "vitest";
import { sinkConformance, startStandIn } from "cal-relay/sdk/testing";
import discord from "./example/discord.ts";

const path = "/webhooks/1/canary-webhook-token";

sinkConformance(
  { describe, test },
  {
    plugin: discord,
    connection: (url) => ({ webhookUrl: `${url}${path}`, allowPrivateNetwork: true }),
    message: (mark) => ({ content: mark }),
    canaries: ["canary-webhook-token"],
    start: () => startStandIn(() => ({ status: 204, body: "" })),
    statuses: { 200: "delivered", 401: "misconfigured", 403: "misconfigured", 404: "misconfigured" },
  },
);

test("a guest's name shows as typed", () => {
  const place = { path: ["content"], parent: undefined, root: undefined, template: "{{ booking.attendee.name }}" };
  expect(discord.escape?.("**Ann** <#1> [x](y)", place)).toBe("\\*\\*Ann\\*\\* <\\#1\\> \\[x\\](y)");
});
