import type { Accepted } from "../accept.ts";
import { LedgerUnavailable } from "../ledger/errors.ts";
import { Overloaded } from "./backpressure.ts";

/** A whole HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string | number>>;
}

/** How long a sender is asked to wait when an event could not be stored. */
const RETRY_AFTER_SECONDS = "5";

// Every status the relay gives is chosen in this file. Never a 410, which makes Cal.com deactivate the webhook, and never a 3xx, which it
// counts as a failure.

export function answerTo(accepted: Accepted): Answer {
  switch (accepted.status) {
    case "accepted":
      return answer(202, { status: "accepted", event: accepted.event, deliveries: accepted.deliveries });
    case "duplicate":
      return answer(200, { status: "duplicate", event: accepted.event });
    case "pong":
      return answer(200, { status: "pong", event: accepted.event });
    case "refused":
      return refusal(accepted.reason);
  }
}

function refusal(reason: (Accepted & { status: "refused" })["reason"]): Answer {
  switch (reason) {
    case "unknown-source":
      return problem(404, "unknown_source", "no such source; the URL ends in /hooks/ and a name under `sources`");
    case "missing":
      return problem(401, "signature_missing", "no X-Cal-Signature-256 header; set the webhook's secret in Cal.com");
    case "no-secret":
      return problem(401, "no_secret", "Cal.com has no secret for this webhook; set the source's secret there");
    case "wrong":
      return problem(401, "signature_wrong", "X-Cal-Signature-256 fits none of the source's secrets");
  }
}

/** What a request that failed is told; null where there is nobody left to tell. */
export function answerToError(error: unknown): Answer | null {
  if (error instanceof LedgerUnavailable)
    return problem(503, "unavailable", "the event could not be stored; nothing was accepted", {
      "retry-after": RETRY_AFTER_SECONDS,
    });
  if (error instanceof Overloaded)
    return problem(503, "overloaded", "too much is waiting to be stored; nothing was accepted", {
      "retry-after": RETRY_AFTER_SECONDS,
      connection: "close",
    });
  switch (typeOf(error)) {
    case "entity.too.large":
      return TOO_LARGE;
    case "request.aborted":
    case "request.size.invalid":
      return null;
    default:
      return problem(500, "internal", "the relay failed; nothing was accepted");
  }
}

/** Cal.com signs what it sends, and sends it as it is: who compressed it on the way has broken the signature. */
export const COMPRESSED: Answer = problem(415, "compressed", "the body is compressed; send it as it was signed");

export const TOO_LARGE: Answer = problem(413, "too_large", "the body is larger than server.bodyLimit", {
  connection: "close",
});

export const NOT_FOUND: Answer = problem(404, "not_found", "webhooks go to POST /hooks/<source>");

export function methodNotAllowed(allow: string): Answer {
  return problem(405, "method_not_allowed", `only ${allow}`, { allow });
}

function problem(status: number, error: string, message: string, headers: Record<string, string> = {}): Answer {
  return answer(status, { error, message }, headers);
}

function answer(status: number, body: Answer["body"], headers: Record<string, string> = {}): Answer {
  return { status, headers, body };
}

/** raw-body tells its errors apart by `type`. */
function typeOf(error: unknown): string | undefined {
  return error instanceof Error && "type" in error && typeof error.type === "string" ? error.type : undefined;
}
