import type { RouterContext } from "@koa/router";
import rawBody from "raw-body";
import type { Accept, Accepted } from "../accept.ts";
import type { Log } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import { answerTo, COMPRESSED, type Answer } from "./answers.ts";
import { createBackpressure } from "./backpressure.ts";
import { createRefusals } from "./refusals.ts";

export interface HooksOptions {
  readonly accept: Accept;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Bytes. */
  readonly bodyLimit: number;
  /** Bytes of requests without an answer that are kept at most. */
  readonly openLimit: number;
  /** The trigger as a metric label: known names as they are, everything else as one. */
  readonly labelOf: (trigger: string | null) => string;
}

/** `POST /hooks/:source`: the raw bytes, whatever their Content-Type, since the signature is over them. */
export function hooks(options: HooksOptions): (ctx: RouterContext) => Promise<Answer> {
  const { accept, metrics, bodyLimit } = options;
  const underPressure = createBackpressure(options.openLimit);
  const refused = createRefusals({ ...options, now: () => performance.now() });

  async function take(ctx: RouterContext): Promise<Answer> {
    const source = ctx.params["source"] ?? "";
    const body = await rawBody(ctx.req, { limit: bodyLimit, length: ctx.req.headers["content-length"] ?? null });
    const startedAt = performance.now();
    const accepted = await accept({ source, body, signature: ctx.get("x-cal-signature-256") || undefined });
    metrics.acceptSeconds((performance.now() - startedAt) / 1000);
    if (accepted.status === "refused") refused(source, accepted.reason);
    else count(options, source, accepted);
    return answerTo(accepted);
  }

  return async function postHook(ctx) {
    if (ctx.get("content-encoding").replace(/^identity$/i, "") !== "") return COMPRESSED;
    return underPressure(ctx.req, () => take(ctx));
  };
}

function count(
  { metrics, labelOf }: HooksOptions,
  source: string,
  accepted: Exclude<Accepted, { status: "refused" }>,
): void {
  const trigger = labelOf(accepted.trigger);
  metrics.event({ source, trigger, outcome: accepted.status });
  if (accepted.status === "accepted" && accepted.drift > 0) metrics.drift({ source, trigger });
}
