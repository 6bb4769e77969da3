import { describe, test } from "vitest";
import { sinkConformance, startStandIn } from "cal-relay/sdk/testing";
import webhook from "../../plugins/webhook/index.ts";

sinkConformance(
  { describe, test },
  {
    plugin: webhook,
    start: () => startStandIn(() => ({ status: 200, body: '{"ok":true}' })),
    connection: (url) => ({
      url: `${url}/hooks/canary-path?key=canary-query`,
      headers: { Authorization: "Bearer canary-header" },
      signingSecret: "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5",
      allowPrivateNetwork: true,
    }),
    message: (mark) => ({ body: { mark } }),
    canaries: ["canary-path", "canary-query", "canary-header", "Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5"],
    statuses: { 200: "delivered" },
  },
);
