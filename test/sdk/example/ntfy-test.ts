import { describe, test } from "node:test";
import { sinkConformance, startStandIn } from "cal-relay/sdk/testing";
import ntfy from "./ntfy.ts";

sinkConformance(
  { describe, test },
  {
    plugin: ntfy,
    start: () => startStandIn(() => ({ status: 200, body: '{"id":"sPs71M8A2T","event":"message"}' })),
    connection: (url) => ({ server: url, topic: "canary-topic", token: "tk_canary" }),
    message: (mark) => ({ title: "New booking", text: mark }),
    canaries: ["canary-topic", "tk_canary"],
    statuses: { 401: "misconfigured", 403: "misconfigured" },
  },
);
