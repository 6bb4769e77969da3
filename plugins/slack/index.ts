import { defineSink } from "cal-relay/sdk";
import { check } from "./check.ts";
import { openClient } from "./client.ts";
import { escape } from "./escape.ts";
import { connection, message } from "./options.ts";
import { bring } from "./post.ts";
import { preview } from "./preview.ts";

export default defineSink({
  type: "slack",
  title: "Slack message",
  connection,
  message,
  secrets: ["token"],
  // Slack takes about one message a second and channel: https://docs.slack.dev/apis/web-api/rate-limits.
  limits: { concurrency: 4, rate: "1/s" },
  lane: ({ channel }) => channel,
  keepsInStep: ({ onUpdate, channel }) => (onUpdate === "edit" ? channel : null),
  escape,
  preview,
  async open(options, host) {
    const { WebClient } = await import("@slack/web-api");
    const ids = new Map<string, string>();
    return {
      deliver: (what, delivery) => bring(openClient(WebClient, options, delivery.fetch), what, delivery, ids),
      check: (what, signal) =>
        check(
          openClient(WebClient, options, (url, init) => host.fetch(url, { ...init, signal })),
          what,
        ),
    };
  },
});
