import slack from "../../plugins/slack/index.ts";
import webhook from "../../plugins/webhook/index.ts";
import { startSlack } from "../support/slack.ts";
import { startStandIn } from "../support/stand-in.ts";
import { sinkConformance } from "./conformance.ts";

sinkConformance("webhook", {
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
});

const slackToken = "xoxb-canary-token";

// Slack answers HTTP 200 to whatever it understands: other statuses come from a proxy or a wrong apiUrl.
sinkConformance("slack", {
  plugin: slack,
  start: () => startSlack({ token: slackToken }),
  connection: (apiUrl) => ({ token: slackToken, apiUrl }),
  message: (mark) => ({ channel: "#sales", text: mark }),
  writes: ({ path }) => path.endsWith("/chat.postMessage"),
  canaries: [slackToken],
  statuses: {
    301: "misconfigured",
    302: "misconfigured",
    307: "misconfigured",
    308: "misconfigured",
    401: "misconfigured",
    403: "misconfigured",
    404: "misconfigured",
    409: "rejected",
  },
});
