import type { WebClient } from "@slack/web-api";
import { parseRetryAfter, Unavailable, type SinkFetch } from "cal-relay/sdk";
import type { z } from "zod";
import { classify, type Exchange } from "./classify.ts";
import type { Connection } from "./options.ts";

/** Calls one method of Slack's Web API, once. Throws one of the four failures; the answer has the shape asked for. */
export type Call = <Answer>(
  method: string,
  options: Readonly<Record<string, unknown>>,
  answer: z.ZodType<Answer>,
) => Promise<Answer>;

/**
 * A client for one delivery or one check: it is bound to that one's deadline through `fetch`. Making one takes 0.03 ms, of a delivery's
 * tens of milliseconds.
 */
export function openClient(Client: typeof WebClient, connection: Connection, fetch: SinkFetch): Call {
  return async function call(method, options, answer) {
    const exchange: Exchange = { method };
    const client = new Client(connection.token, {
      ...(connection.apiUrl !== undefined && { slackApiUrl: connection.apiUrl }),
      // The relay owns every retry; without both, the client repeats a post up to ten times or sleeps out a rate limit.
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      // A method's name must never become the address that the token is sent to.
      allowAbsoluteUrls: false,
      headers: {},
      logger: quiet,
      async fetch(url, init) {
        const response = await fetch(url, {
          method: "POST",
          headers: init?.headers as Record<string, string>,
          body: init?.body as string,
          allowPrivateNetwork: connection.apiUrl !== undefined,
        });
        exchange.status = response.status;
        exchange.retryAfter = parseRetryAfter(response.headers.get("retry-after"));
        return response;
      },
    });
    let result: unknown;
    try {
      result = await client.apiCall(method, { ...options });
    } catch (error) {
      throw classify(error, exchange);
    }
    const parsed = answer.safeParse(result);
    if (parsed.success) return parsed.data;
    throw new Unavailable(`Slack answered ${method} in a shape it does not document`, { ambiguous: true });
  };
}

/** The client's own logger writes messages and warnings to the console. */
const quiet = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => "error" as never,
  setName() {},
};
