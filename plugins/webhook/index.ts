import { lookup } from "node:dns/promises";
import { beginningOfBody, defineSink, httpFailure, networkFailure, type SinkEvent } from "cal-relay/sdk";
import { connection, message, type Connection, type Message } from "./options.ts";
import { signatureHeaders } from "./signature.ts";

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

  async open(options) {
    const secrets = [options.signingSecret ?? []].flat();
    return {
      async deliver(rendered, delivery) {
        const body = Buffer.from(bodyOf(rendered, delivery.event));
        const headers = {
          ...headersOf(rendered, options, body),
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

      /** A request of any method may have an effect at the receiver, so that only its name is looked up. */
      async check() {
        const host = new URL(options.url).hostname.replace(/^\[|\]$/g, "");
        return lookup(host).then(
          () => [],
          (error: NodeJS.ErrnoException) => [`the host ${host} cannot be resolved (${error.code ?? error.name})`],
        );
      },
    };
  },
});

function bodyOf({ body }: Message, event: SinkEvent): string {
  if (body === undefined) return event.body;
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** Later ones win, whatever the spelling; values leave as UTF-8, since `fetch` takes one byte a character. */
function headersOf(rendered: Message, options: Connection, body: Buffer): Record<string, string> {
  const headers: Record<string, string> = { "content-type": contentType(body) };
  for (const [name, value] of [...Object.entries(options.headers), ...Object.entries(rendered.headers ?? {})])
    headers[name.toLowerCase()] = Buffer.from(value, "utf8").toString("latin1");
  return headers;
}

function contentType(body: Buffer): string {
  try {
    JSON.parse(body.toString());
    return "application/json";
  } catch {
    return "text/plain; charset=utf-8";
  }
}

/** The receiver's URL with a path appended; host and query stay what they are. */
function urlOf(base: string, path = ""): URL {
  const url = new URL(base);
  if (path !== "") url.pathname = `${url.pathname.replace(/\/$/, "")}/${path.replace(/^\/+/, "")}`;
  return url;
}
