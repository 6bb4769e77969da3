import { RateLimited, Rejected, Unavailable, type SinkFailure } from "./errors.ts";

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

/** The code of a request that `delivery.fetch` cannot make: a line break in a header, a method that is none. */
export const REQUEST_INVALID = "REQUEST_INVALID";

/**
 * Turns a failed request (fetch, undici, a vendor SDK around them) into the right failure, or undefined where the error is no network
 * failure at all. Decides by `code` and `name` through `cause` and `original`, never by message text. A request that only reads
 * (`writes: false`) leaves nothing behind, so that its failure is never ambiguous.
 */
export function networkFailure(
  error: unknown,
  { writes = true }: { readonly writes?: boolean } = {},
): SinkFailure | undefined {
  const marks = [...marksOf(error)];
  const mark = (pattern: RegExp): string | undefined => marks.find((one) => pattern.test(one));
  const unavailable = (what: string, code: string, ambiguous: boolean): Unavailable =>
    new Unavailable(`${what} (${code})`, { cause: error, ambiguous, answer: { code } });

  if (marks.includes(ADDRESS_REFUSED))
    return new Rejected(
      "the address is private, loopback or link-local, and the sink's allowPrivateNetwork does not allow it",
      { cause: error },
    );
  if (marks.includes(REQUEST_INVALID))
    return new Rejected("no such request can be made: its method or one of its headers is not allowed in HTTP", {
      cause: error,
    });
  const notSent = mark(NOT_SENT);
  if (notSent !== undefined) return unavailable("could not connect", notSent, false);
  const brokeOff = mark(BROKE_OFF);
  if (brokeOff !== undefined) return unavailable("the connection failed", brokeOff, writes);
  const somehow = mark(SOMEHOW);
  if (somehow !== undefined) return unavailable("no answer", somehow, writes);
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

/** The same from the headers of an answer, of whichever class a vendor's SDK has them. */
export function retryAfterOf(headers: unknown): number | undefined {
  return hasGet(headers) ? parseRetryAfter(headers.get("retry-after")) : undefined;
}

function hasGet(value: unknown): value is Pick<Headers, "get"> {
  return typeof value === "object" && value !== null && "get" in value && typeof value.get === "function";
}

const PAYLOAD_STATUSES = new Set([400, 405, 406, 410, 411, 413, 414, 415, 422, 431, 501, 505]);

/**
 * What an HTTP status other than 2xx means for a plain HTTP receiver (Standard Webhooks 1.0.0, made concrete):
 * 3xx → Rejected; 429 and any other failure that names a `Retry-After` → RateLimited; statuses that speak of the message itself →
 * Rejected; 408, 425, 5xx → Unavailable, and it may have arrived; all else, such as 401, 403, 404, 409 → Unavailable, since receivers
 * misdeploy.
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
  if (retryAfter !== undefined) return new RateLimited(`HTTP ${status}`, { retryAfter, answer });
  if (PAYLOAD_STATUSES.has(status)) return new Rejected(`HTTP ${status}`, { answer });
  if (status >= 500 || status === 408 || status === 425)
    return new Unavailable(`HTTP ${status}`, { ambiguous: true, answer });
  return new Unavailable(`HTTP ${status}`, { answer });
}
