import { Misconfigured, networkFailure, RateLimited, Rejected, Unavailable, type SinkFailure } from "cal-relay/sdk";
import { z } from "zod";

/** One request, as the wire showed it. Some of the SDK's errors carry no field to decide by; the status always tells. */
export interface Exchange {
  readonly method: string;
  status?: number;
  /** Seconds. */
  retryAfter?: number | undefined;
}

/**
 * Turns what `@slack/web-api` 8 throws into one of the four failures: by fields and by the HTTP status, never by message text.
 * Slack answers every call it understands with HTTP 200 and `ok: false`; any other status is a server or a proxy in trouble.
 */
export function classify(error: unknown, { method, status, retryAfter }: Exchange): SinkFailure {
  if (status === 429)
    return new RateLimited(`Slack limits ${method}`, { retryAfter: retryAfter ?? 30, answer: { status } });
  const platform = platformError.safeParse(error);
  if (platform.success) return platformFailure(method, platform.data.data, retryAfter);
  if (status !== undefined && status !== 200) return statusFailure(method, status, retryAfter);
  const failure = networkFailure(error);
  // Only slack.com itself is held to public addresses; an `apiUrl` may be anywhere.
  if (failure instanceof Rejected)
    return new Misconfigured("slack.com has a private address here; if that is your proxy, name it as apiUrl");
  return failure ?? new Unavailable(`${method} was broken off`, { ambiguous: true });
}

/**
 * True when Slack says that the message to edit or to reply to is not there, or not to be edited, any more; or its channel, whose name
 * another one may have now.
 */
export function isGone(failure: unknown): boolean {
  return failure instanceof Rejected && GONE.has(answered.parse(failure.answer).error);
}

const answered = z.object({ error: z.string().catch("") }).catch({ error: "" });
const GONE = new Set([
  "message_not_found",
  "thread_not_found",
  "cannot_reply_to_message",
  "cant_update_message",
  "edit_window_closed",
  "channel_not_found",
  "is_archived",
]);

const platformError = z.object({
  code: z.literal("slack_webapi_platform_error"),
  data: z.object({
    error: z
      .string()
      .regex(/^[a-z0-9_]{1,64}$/)
      .optional()
      .catch(undefined),
    needed: z
      .string()
      .regex(/^[a-z0-9_.:,\s-]{1,200}$/)
      .optional()
      .catch(undefined),
    response_metadata: z.object({ messages: z.array(z.string()).catch([]) }).catch({ messages: [] }),
  }),
});

type PlatformData = z.output<typeof platformError>["data"];

function platformFailure(method: string, data: PlatformData, retryAfter: number | undefined): SinkFailure {
  const { error, needed } = data;
  // The SDK puts a page that is no JSON into `error`, whole.
  if (error === undefined)
    return new Unavailable(`${method} was answered with HTTP 200, but not by Slack`, {
      ambiguous: true,
      answer: { status: 200 },
    });
  const answer = needed === undefined ? { error } : { error, needed };
  if (error === "ratelimited" || error === "rate_limited")
    return new RateLimited(`Slack limits ${method}`, { retryAfter: retryAfter ?? 30, answer });
  if (error === "message_limit_exceeded")
    return new Unavailable(`Slack refused ${method}: ${error}`, { retryAfter: 3600, answer });
  if (TRANSIENT.has(error))
    return new Unavailable(`Slack failed at ${method}: ${error}`, { ambiguous: AMBIGUOUS.has(error), answer });
  if (CREDENTIALS.has(error))
    return new Misconfigured(`Slack refused ${method}: ${error}; ${remedy(error, needed)}`, { answer });
  return new Rejected([`Slack refused ${method}: ${error}`, ...pointers(data), ...advice(error)].join("; "), {
    answer,
  });
}

/** Docs of both: "some aspect of the operation succeeded before the error was raised" is possible. */
const AMBIGUOUS = new Set(["internal_error", "fatal_error"]);

const TRANSIENT = new Set([
  ...AMBIGUOUS,
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
  "org_login_required",
  "update_failed",
  "external_channel_migrating",
  "streaming_state_conflict",
]);

const BAD_TOKEN = new Set(["invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"]);

const CREDENTIALS = new Set([
  ...BAD_TOKEN,
  "missing_scope",
  "no_permission",
  "not_allowed_token_type",
  "access_denied",
  "accesslimited",
  "team_access_not_granted",
  "two_factor_setup_required",
  "ekm_access_denied",
  "enterprise_is_restricted",
]);

function remedy(error: string, needed: string | undefined): string {
  if (error === "missing_scope")
    return `add the scope ${needed ?? "it needs"} at api.slack.com/apps → OAuth & Permissions, then reinstall the app`;
  if (BAD_TOKEN.has(error)) return "put the token from api.slack.com/apps → OAuth & Permissions in the configuration";
  return "ask an administrator of the workspace to allow the app";
}

const ADVICE: Readonly<Record<string, string>> = {
  channel_not_found: "check the name, better use the channel's id, and in a private channel type /invite @app",
  not_in_channel: "in the channel, type /invite @app, or give the app the scope chat:write.public",
  is_archived: "the channel is archived",
  team_not_found: "with an organisation's token, use the channel's id",
};

function advice(error: string): string[] {
  return Object.hasOwn(ADVICE, error) && ADVICE[error] !== undefined ? [ADVICE[error]] : [];
}

/** Where Slack found fault: of its messages only the JSON pointers, since the rest may quote the message. */
function pointers({ response_metadata: { messages } }: PlatformData): string[] {
  const found = messages.flatMap((one) => [...one.matchAll(/\[json-pointer:((?:\/[\w-]{1,64}){1,16})\]/g)]);
  return found.slice(0, 5).flatMap(([, pointer]) => (pointer === undefined ? [] : [`at ${pointer}`]));
}

/** Statuses by which a proxy or a wrong `apiUrl` speaks: they say nothing about the message. */
const NOT_SLACK = new Set([401, 403, 404, 407]);

function statusFailure(method: string, status: number, retryAfter: number | undefined): SinkFailure {
  const answer = { status };
  const text = `${method} was answered with HTTP ${status}`;
  if (status === 503 && retryAfter !== undefined) return new RateLimited(text, { retryAfter, answer });
  if ((status >= 300 && status < 400) || NOT_SLACK.has(status))
    return new Misconfigured(`${text}, not by Slack: check apiUrl and any proxy`, { answer });
  if (status >= 400 && status < 500 && status !== 408) return new Rejected(text, { answer });
  return new Unavailable(text, { ambiguous: true, answer });
}
