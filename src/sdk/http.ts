import { Misconfigured, RateLimited, Rejected, Unavailable, type SinkFailure } from "./errors.ts";

/** Never reached the other side: safe to send again without asking. */
const NOT_SENT = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

const NETWORK_NAMES = new Set(["TimeoutError", "AbortError", "FetchError"]);
const NETWORK_CODES =
  /^(E[A-Z]{3,}|UND_ERR_[A-Z_]+|FETCH_FAILED|CERT_[A-Z_]+|ERR_TLS_[A-Z_]+|ERR_STREAM_PREMATURE_CLOSE|ERR_SSL_[A-Z_]+)$/;

/** The code of a request to an address that `delivery.fetch` refuses to connect to. */
export const ADDRESS_REFUSED = "ADDRESS_REFUSED";

/**
 * Turns a failed request (fetch, undici, a vendor SDK around them) into the right failure, or undefined where the error is no network
 * failure at all. Decides by `code` and `name` through `cause` and `original`, never by message text.
 */
export function networkFailure(error: unknown): SinkFailure | undefined {
  const chain = [...causes(error)];
  if (chain.some(({ code }) => code === ADDRESS_REFUSED))
    return new Rejected("the address is private, loopback or link-local, and allowPrivateNetwork does not allow it", {
      cause: error,
    });
  for (const { code, name } of chain) {
    if (code !== undefined && NOT_SENT.has(code))
      return new Unavailable(`could not connect (${code})`, { cause: error, answer: { code } });
    if (code !== undefined && NETWORK_CODES.test(code))
      return new Unavailable(`the connection failed (${code})`, { cause: error, ambiguous: true, answer: { code } });
    if (name !== undefined && NETWORK_NAMES.has(name))
      return new Unavailable(`no answer in time (${name})`, { cause: error, ambiguous: true, answer: { code: name } });
  }
  return undefined;
}

/** Every link of `error`, `error.original`, `error.cause`, `error.cause.cause` … with its `code` and `name`. */
function* causes(error: unknown): Generator<{ code: string | undefined; name: string | undefined }> {
  let value: unknown = error;
  for (let depth = 0; depth < 8 && typeof value === "object" && value !== null; depth++) {
    const link: { code?: unknown; name?: unknown; original?: unknown; cause?: unknown } = value;
    yield {
      code: typeof link.code === "string" ? link.code : undefined,
      name: typeof link.name === "string" ? link.name : undefined,
    };
    value = link.original ?? link.cause;
  }
}

/**
 * The wait a `Retry-After` header asks for, in seconds, or undefined where there is none to be read.
 * Accepts seconds and an HTTP date. `now` is epoch milliseconds. The relay applies its own floor (1 s) and cap (24 h).
 */
export function parseRetryAfter(header: string | null | undefined, now: number = Date.now()): number | undefined {
  if (header === null || header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now) / 1000);
}

const PAYLOAD_STATUSES = new Set([400, 405, 406, 410, 411, 413, 414, 415, 422, 431, 501, 505]);

/**
 * What an HTTP status other than 2xx means for a plain HTTP receiver (Standard Webhooks 1.0.0, made concrete):
 * 429 and any `Retry-After` → RateLimited; 408, 425, 5xx → Unavailable; 401, 403, 404, 409 → Unavailable, since receivers misdeploy;
 * 3xx and the statuses that speak of the message itself → Rejected.
 */
export function httpFailure(
  status: number,
  options: { readonly retryAfter?: string | null | undefined; readonly answer?: unknown } = {},
): SinkFailure {
  const retryAfter = parseRetryAfter(options.retryAfter);
  const answer = options.answer ?? { status };
  if (status === 429) return new RateLimited("HTTP 429", { retryAfter: retryAfter ?? 30, answer });
  if (status >= 300 && status < 400)
    return new Rejected(`HTTP ${status}: it redirects; put the final URL in the configuration`, { answer });
  if (PAYLOAD_STATUSES.has(status)) return new Rejected(`HTTP ${status}`, { answer });
  if (retryAfter !== undefined) return new RateLimited(`HTTP ${status}`, { retryAfter, answer });
  if (status >= 500 || status === 408 || status === 425)
    return new Unavailable(`HTTP ${status}`, { ambiguous: true, answer });
  return new Unavailable(`HTTP ${status}`, { answer });
}

/** For a sink whose 401 and 403 mean its credentials: nothing will work until someone mends them. */
export function credentialFailure(status: number, answer: unknown = { status }): Misconfigured {
  return new Misconfigured(`HTTP ${status}: the credentials were refused`, { answer });
}
