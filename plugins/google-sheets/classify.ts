import {
  isSinkFailure,
  Misconfigured,
  networkFailure,
  RateLimited,
  Rejected,
  retryAfterOf,
  Unavailable,
  type SinkFailure,
} from "cal-relay/sdk";
import { z } from "zod";

/** What was asked of Google when it failed: a token, something to look at, or something to write. */
export type Step = "token" | "read" | "write";

/** The quota is counted by the minute: https://developers.google.com/workspace/sheets/api/limits. */
const QUOTA_SECONDS = 60;

/**
 * What an error of Google's client means, told by its fields alone. The error itself is dropped: its `config` holds the cells, and the
 * bearer token in a header. `email` is whom to share the spreadsheet with.
 */
export function classify(error: unknown, step: Step, email: string): SinkFailure {
  if (isSinkFailure(error)) return error;
  const answered = withResponse.safeParse(error);
  if (!answered.success) return unanswered(error, step);
  const { status, headers, data } = answered.data.response;
  const retryAfter = retryAfterOf(headers);
  if (status >= 300 && status < 400)
    return new Misconfigured(`HTTP ${status}: it redirects; apiUrl and tokenUrl must be the final addresses`, {
      answer: { status },
    });
  return step === "token" ? tokenRefused(status, data, retryAfter) : refused({ status, data, retryAfter, step, email });
}

/** A 2xx that says something else than what was asked for: a proxy's page, half an answer. */
export function wrongShape(step: Step): Unavailable {
  return new Unavailable("Google answered in a shape it does not document", { ambiguous: step === "write" });
}

/** The HTTP status that an error of Google's client carries; undefined when there was no answer. */
export function statusOf(error: unknown): number | undefined {
  return withResponse.safeParse(error).data?.response.status;
}

const withResponse = z.object({
  response: z.object({ status: z.number(), headers: z.unknown(), data: z.unknown() }),
});

const code = z
  .string()
  .regex(/^\w{1,64}$/)
  .optional()
  .catch(undefined);
const reason = z.object({ reason: code }).catch({ reason: undefined });

/** https://google.aip.dev/193 */
const apiError = z.object({
  error: z.object({
    status: code,
    message: z.string().catch(""),
    details: z.array(reason).catch([]),
    errors: z.array(reason).catch([]),
  }),
});

/** RFC 6749, section 5.2 */
const tokenError = z.object({ error: z.string().regex(/^\w{1,64}$/) });

const RATE_REASONS = new Set(["rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"]);

interface Refusal {
  readonly status: number;
  readonly data: unknown;
  readonly retryAfter: number | undefined;
  readonly step: "read" | "write";
  readonly email: string;
}

function refused({ status, data, retryAfter, step, email }: Refusal): SinkFailure {
  const said = apiError.safeParse(data).data?.error;
  const reasons = [...(said?.details ?? []), ...(said?.errors ?? [])].flatMap((one) => one.reason ?? []);
  const answer = { status, code: said?.status, reasons, message: said?.message.slice(0, 300) };
  const name = `HTTP ${status}${said?.status === undefined ? "" : ` ${said.status}`}`;

  if (status === 429 || (status === 403 && reasons.some((one) => RATE_REASONS.has(one))))
    return new RateLimited(`${name}: the quota is used up`, { retryAfter: retryAfter ?? QUOTA_SECONDS, answer });
  if (status === 503 && retryAfter !== undefined) return new RateLimited(name, { retryAfter, answer });
  if (status >= 500 || status === 408 || status === 409)
    return new Unavailable(name, { retryAfter, ambiguous: step === "write", answer });
  // A token is renewed by the reading that begins every try; one that is refused after that was revoked in between.
  if (status === 401 && step === "write") return new Unavailable(`${name}: the access token was refused`, { answer });
  if (status === 401) return new Misconfigured(`${name}: Google refuses the service account's tokens`, { answer });
  if (status === 403 && reasons.includes("SERVICE_DISABLED"))
    return new Misconfigured(`${name}: turn on the Google Sheets API in the service account's project`, { answer });
  if (status === 403) return new Misconfigured(`${name}: share the spreadsheet with ${email} as editor`, { answer });
  if (status === 404)
    return new Rejected(`${name}: there is no spreadsheet with this id; copy its URL from the browser`, { answer });
  // Of what is read only the tab's name can be wrong: columns and rows are counted, not named.
  if (status === 400 && step === "read") return new Rejected(`${name}: the spreadsheet has no such tab`, { answer });
  return new Rejected(`${name}: Google refuses the request`, { answer });
}

function tokenRefused(status: number, data: unknown, retryAfter: number | undefined): SinkFailure {
  const said = tokenError.safeParse(data).data?.error;
  const answer = { status, code: said };
  if (status === 429)
    return new RateLimited("HTTP 429 for a token", { retryAfter: retryAfter ?? QUOTA_SECONDS, answer });
  if (status === 503 && retryAfter !== undefined)
    return new RateLimited("HTTP 503 for a token", { retryAfter, answer });
  if (status >= 500 || status === 408) return new Unavailable(`HTTP ${status} for a token`, { retryAfter, answer });
  const why = "is its key deleted, the account disabled, or this machine's clock wrong?";
  return new Misconfigured(`Google gives the service account no token (${said ?? `HTTP ${status}`}): ${why}`, {
    answer,
  });
}

function unanswered(error: unknown, step: Step): SinkFailure {
  const writes = step === "write";
  // What lies below the client's error knows the socket and its addresses, and no more.
  const failure = networkFailure(error instanceof Error ? error.cause : undefined, { writes });
  if (failure instanceof Rejected)
    return new Misconfigured("Google's host resolves to a private address; to allow it set apiUrl and tokenUrl", {
      cause: failure.cause,
    });
  return failure ?? new Unavailable("Google's client failed", { ambiguous: writes });
}
