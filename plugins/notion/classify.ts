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

/** Missing, or not shared with the integration: Notion does not say which. */
export class NotFound extends Rejected {}

export interface Asked {
  /** A write that failed half-way may have been carried out; a read cannot. */
  readonly writes: boolean;
  /** Masks the token in what Notion says. */
  readonly redact: (text: string) => string;
}

// Two classes of the SDK share these fields: APIResponseError, whose `code` is Notion's own, and UnknownHTTPResponseError, which stands for
// codes the SDK does not know and for bodies that are no JSON.
const refusal = z.object({
  status: z.number(),
  code: z.string(),
  message: z.string(),
  headers: z.unknown(),
  request_id: z.string().optional(),
  ray_id: z.string().optional(),
});
type Refusal = z.output<typeof refusal>;

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly message?: string;
  readonly requestId?: string;
}

const UNKNOWN_RESPONSE = "notionhq_client_response_error";
const OVERLOADED = new Set(["rate_limited", "service_overload"]);
/** Notion asks one connection to wait no longer than this. */
const DEFAULT_WAIT_SECONDS = 60;

/**
 * Turns what the SDK threw into one of the four failures, by `status` and `code` alone; anything unknown comes back as it is. The SDK's
 * errors are not kept as a cause, since they carry whole bodies.
 * https://developers.notion.com/reference/status-codes
 */
export function classify(error: unknown, asked: Asked): unknown {
  if (isSinkFailure(error)) return error;
  const { success, data } = refusal.safeParse(error);
  return success ? refused(data, asked) : unanswered(error, asked);
}

function refused(error: Refusal, { writes, redact }: Asked): SinkFailure {
  const { status } = error;
  const answer = answerOf(error, redact);
  const said = answer.message === undefined ? `HTTP ${status}` : `${error.code}, HTTP ${status}`;
  const retryAfter = retryAfterOf(error.headers);
  if (status === 429 || status === 529 || OVERLOADED.has(error.code) || (status === 503 && retryAfter !== undefined))
    return new RateLimited(`Notion asks to wait (${said})`, { retryAfter: retryAfter ?? DEFAULT_WAIT_SECONDS, answer });
  if (status === 401)
    return new Misconfigured(`Notion does not accept the token (${said}): copy the integration's secret anew`, {
      answer,
    });
  if (status === 403 && error.ray_id !== undefined && error.request_id === undefined)
    return new Unavailable(`Notion's network edge turned the request away (${said})`, { answer });
  if (status === 403)
    return new Misconfigured(
      `the integration may not do this (${said}): give it the capabilities to read, update and insert content`,
      { answer },
    );
  if (status === 404)
    return new NotFound(`Notion knows no such page or database, or it is not shared with the integration (${said})`, {
      answer,
    });
  if (status === 408 || status === 409 || status >= 500)
    // A conflict (409) means that nothing was saved.
    return new Unavailable(`Notion failed (${said})`, { answer, ambiguous: writes && status !== 409 });
  if (status < 400)
    return new Misconfigured(`the API's address redirects (${said}): put the final one under apiUrl`, { answer });
  return new Rejected(`Notion refused the request (${said})`, { answer });
}

function unanswered(error: unknown, { writes }: Asked): unknown {
  const { code, name } = z.object({ code: z.string().optional(), name: z.string().optional() }).catch({}).parse(error);
  if (code === "notionhq_client_request_timeout") return new Unavailable("no answer in time", { ambiguous: writes });
  if (code === "notionhq_client_invalid_path_parameter") return new Rejected("an id is no Notion id");
  // Not kept as causes: both may quote the answer.
  if (error instanceof SyntaxError || error instanceof z.ZodError)
    return new Unavailable("the answer is not what Notion answers", { ambiguous: writes });
  const network = networkFailure(error, { writes });
  // Only Notion's own host is held to public addresses; an `apiUrl` may be anywhere.
  if (network instanceof Rejected)
    return new Misconfigured("api.notion.com has a private address here; if that is your proxy, put it under apiUrl");
  if (network === undefined && name === "TypeError")
    return new Unavailable("the connection failed", { cause: error, ambiguous: writes });
  return network ?? error;
}

/** The part of an answer that is kept: Notion's words only where it is Notion that speaks, since an edge's page may quote anything. */
function answerOf({ status, code, message, request_id: requestId }: Refusal, redact: Asked["redact"]): Answer {
  return {
    status,
    code,
    ...(code === UNKNOWN_RESPONSE ? {} : { message: redact(message).slice(0, 500) }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}
