import { describe, test } from "vitest";
import { sinkConformance } from "cal-relay/sdk/testing";
import slack from "../../plugins/slack/index.ts";
import { startSlack } from "../support/slack.ts";

const TOKEN = "xoxb-canary-token";

// Slack answers HTTP 200 to whatever it understands: other statuses come from a proxy or a wrong apiUrl.
sinkConformance(
  { describe, test },
  {
    plugin: slack,
    start: () => startSlack({ token: TOKEN }),
    connection: (apiUrl) => ({ token: TOKEN, apiUrl }),
    message: (mark) => ({ channel: "#sales", text: mark }),
    writes: ({ path }) => path.endsWith("/chat.postMessage"),
    canaries: [TOKEN],
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
  },
);
