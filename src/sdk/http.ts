import { Misconfigured, RateLimited, Rejected, Unavailable, type SinkFailure } from "./errors.ts";

/** No connection, or none that is trusted: nothing was sent, so that it is safe to send again without asking. */
const NOT_SENT = anyOf(
  "ENOTFOUND|EAI_[A-Z]+",
  "ECONNREFUSED|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT",
  "CERT_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+",
  "EPROTO|ERR_TLS_[A-Z_]+|ERR_SSL_WRONG_VERSION_NUMBER",
);

/** Broke off at some point, or was answered with something that is not HTTP: it may have arrived. */
const BROKE_OFF = anyOf(
  "ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENETRESET|ENOTCONN|ESOCKETTIMEDOUT|ERR_STREAM_PREMATURE_CLOSE",
  "UND_ERR_(SOCKET|ABORTED|DESTROYED|CLOSED|INFO|[A-Z_]+_TIMEOUT|HEADERS_OVERFLOW|RES_[A-Z_]+)|ERR_SSL_[A-Z_]+",
  "HPE_\\w+|HTTPParserError",
);

/** What says only that a request failed; the reason is deeper in the chain, if anywhere. */
const SOMEHOW = anyOf("TimeoutError|AbortError|FetchError|FETCH_FAILED");

/** The code of a request to an address that `delivery.fetch` refuses to connect to. */
export const ADDRESS_REFUSED = "ADDRESS_REFUSED";

/**
 * Turns a failed request (fetch, undici, a vendor SDK around them) into the right failure, or undefined where the error is no network
 * failure at all. Decides by `code` and `name` through `cause` and `original`, never by message text.
 */
export function networkFailure(error: unknown): SinkFailure | undefined {
  const marks = [...marksOf(error)];
  if (marks.includes(ADDRESS_REFUSED))
    return new Rejected("the address is private, loopback or link-local, and allowPrivateNetwork does not allow it", {
      cause: error,
    });
  const notSent = marks.find((mark) => NOT_SENT.test(mark));
  if (notSent !== undefined)
    return new Unavailable(`could not connect (${notSent})`, { cause: error, answer: { code: notSent } });
  const brokeOff = marks.find((mark) => BROKE_OFF.test(mark));
  if (brokeOff !== undefined)
    return new Unavailable(`the connection failed (${brokeOff})`, {
      cause: error,
      ambiguous: true,
      answer: { code: brokeOff },
    });
  const somehow = marks.find((mark) => SOMEHOW.test(mark));
  if (somehow !== undefined)
    return new Unavailable(`no answer (${somehow})`, { cause: error, ambiguous: true, answer: { code: somehow } });
  return undefined;
}

function anyOf(...patterns: string[]): RegExp {
  return new RegExp(`^(${patterns.join("|")})$`);
}

/** The `code` and `name` of every link of `error`, `error.original`, `error.cause`, `error.cause.cause` … */
function* marksOf(error: unknown): Generator<string> {
  let value: unknown = error;
  for (let depth = 0; depth < 8 && typeof value === "object" && value !== null; depth++) {
    const link: { code?: unknown; name?: unknown; original?: unknown; cause?: unknown } = value;
    if (typeof link.code === "string") yield link.code;
    if (typeof link.name === "string") yield link.name;
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
  // An HTTP date begins with the day's name; Date.parse alone would read "-5" as a month.
  const until = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : NaN;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (until - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
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
