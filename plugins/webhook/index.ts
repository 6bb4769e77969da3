import { beginningOfBody, defineSink, httpFailure, networkFailure } from "cal-relay/sdk";
import { check } from "./check.ts";
import { connection, message } from "./options.ts";
import { preview } from "./preview.ts";
import { bodyOf, headersOf, urlOf } from "./request.ts";
import { secretsOf, signatureHeaders } from "./signature.ts";

/** Posts to any HTTP receiver, signed as Standard Webhooks 1.0.0 describes. A 2xx is all the proof there is, and all that is asked for. */
export default defineSink({
  type: "webhook",
  title: "Webhook",
  connection,
  message,
  secrets: ["url", "headers", "signingSecret"],
  limits: { concurrency: 8 },

  escape(text, { path }) {
    if (path[0] === "headers") return text.replaceAll(/\p{Cc}+/gu, " ");
    if (path[0] === "path") return encodeURIComponent(text.toWellFormed());
    return text;
  },
  preview,

  async open(options, host) {
    const secrets = secretsOf(options.signingSecret);
    return {
      async deliver(rendered, delivery) {
        const text = bodyOf(rendered, delivery.event);
        const body = Buffer.from(text);
        const headers = {
          ...latin1(headersOf(rendered, options.headers, text)),
          ...signatureHeaders(delivery.id, Math.floor(Date.now() / 1000), body, secrets),
        };
        const { method, allowPrivateNetwork } = options;
        const response = await delivery
          .fetch(urlOf(options.url, rendered.path), { method, headers, body, allowPrivateNetwork })
          .catch((error: unknown) => {
            throw networkFailure(error) ?? error;
          });
        const answer = { status: response.status, body: await beginningOfBody(response) };
        if (response.ok) return { answer };
        throw httpFailure(response.status, { retryAfter: response.headers.get("retry-after"), answer });
      },

      check: (_message, signal) => check(options, host, signal),
    };
  },
});

/** Values leave as UTF-8, since `fetch` takes one byte a character. */
function latin1(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Buffer.from(value, "utf8").toString("latin1")]),
  );
}
