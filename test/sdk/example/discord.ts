import { beginningOfBody, cutText, defineSink, httpFailure, Misconfigured, networkFailure } from "cal-relay/sdk";
import { z } from "zod";

export default defineSink({
  type: "discord",
  title: "Discord message",
  connection: z.strictObject({
    webhookUrl: z.url().describe("from Channel settings → Integrations → Webhooks"),
    allowPrivateNetwork: z.boolean().default(false).describe("for a proxy or a stand-in at a private address"),
  }),
  message: z.strictObject({
    content: z.string().min(1).describe("the text, in Discord's Markdown; cut at 2,000 characters"),
  }),
  secrets: ["webhookUrl"],
  limits: { concurrency: 1, rate: "30/min" },
  escape: (text) => text.replaceAll(/[\\*_~`|>#[\]]/g, "\\$&"),

  async open({ webhookUrl, allowPrivateNetwork }) {
    return {
      async deliver({ content }, delivery) {
        const response = await delivery
          .fetch(webhookUrl, {
            method: "POST",
            headers: { "content-type": "application/json" },
            // A guest called @everyone notifies nobody.
            body: JSON.stringify({ content: cutText(content, 2_000), allowed_mentions: { parse: [] } }),
            allowPrivateNetwork,
          })
          .catch((error: unknown) => {
            throw networkFailure(error) ?? error;
          });
        const { status, headers } = response;
        const answer = { status, body: await beginningOfBody(response) };
        if ([401, 403, 404].includes(status))
          throw new Misconfigured(`HTTP ${status}: the webhook is gone; make another one in Discord`, { answer });
        if (!response.ok) throw httpFailure(status, { retryAfter: headers.get("retry-after"), answer });
        const note = delivery.maybeDelivered ? "an earlier try may have arrived too" : undefined;
        return { answer: { status }, note };
      },
    };
  },
});
