import { cutText, defineSink, httpFailure, Misconfigured, networkFailure, Unavailable } from "cal-relay/sdk";
import { z } from "zod";

/** What ntfy answers once it has taken a notification. */
const published = z.looseObject({ id: z.string(), event: z.literal("message") });

export default defineSink({
  type: "ntfy",
  title: "ntfy notification",
  connection: z.strictObject({
    server: z.url().default("https://ntfy.sh").describe("ntfy.sh, or a server of your own"),
    topic: z.string().min(1).describe("who knows it may read and write: choose one that nobody guesses"),
    token: z.string().optional().describe("tk_…, from Account → Access tokens, where the topic is reserved"),
    allowPrivateNetwork: z.boolean().default(false).describe("for a server at a private address"),
  }),
  message: z.strictObject({
    title: z.string().optional().describe("the first line"),
    text: z.string().min(1).describe("the notification; cut at 1,000 characters"),
    priority: z.int().min(1).max(5).optional().describe("1 without a sound … 5 until somebody looks"),
    tags: z.array(z.string()).optional().describe("emoji short codes such as tada"),
    click: z.url().optional().describe("what a tap opens"),
  }),
  secrets: ["topic", "token"],
  limits: { concurrency: 2, rate: "1/s" },

  async open({ server, topic, token, allowPrivateNetwork }) {
    return {
      async deliver({ text, ...rest }, delivery) {
        const response = await delivery
          .fetch(server, {
            method: "POST",
            headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
            // As JSON, since a header takes no emoji: https://docs.ntfy.sh/publish/#publish-as-json
            body: JSON.stringify({ ...rest, topic, message: cutText(text, 1_000) }),
            allowPrivateNetwork,
          })
          .catch((error: unknown) => {
            throw networkFailure(error) ?? error;
          });

        const { status, headers } = response;
        const body: unknown = await response.json().catch(() => null);
        const answer = { status };
        if (status === 401 || status === 403)
          throw new Misconfigured(`HTTP ${status}: the token may not write to the topic`, { answer });
        if (!response.ok) throw httpFailure(status, { retryAfter: headers.get("retry-after"), answer });

        const { data } = published.safeParse(body);
        if (data === undefined) throw new Unavailable("the answer is not ntfy's", { ambiguous: true, answer });
        const note = delivery.maybeDelivered ? "an earlier try may have arrived too" : undefined;
        return { id: data.id, answer, note };
      },
    };
  },
});
