import type { Accepted } from "../accept.ts";
import type { Log } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";

type Reason = Extract<Accepted, { status: "refused" }>["reason"];

/** A wrong secret is seen at once, and a stranger who tries thousands does not fill the log. */
const ONE_LINE_IN_MS = 60_000;

/** Counts every refused webhook, and says so in the log once a minute for each source and reason. `now` is in milliseconds. */
export function createRefusals({ log, metrics, now }: { log: Log; metrics: Metrics; now: () => number }) {
  const saidAt = new Map<string, number>();

  return function refused(name: string, reason: Reason): void {
    // An unknown source's name is a stranger's word.
    const source = reason === "unknown-source" ? "unknown" : name;
    metrics.refusal({ source, reason });
    const kind = `${source} ${reason}`;
    const last = saidAt.get(kind);
    if (last !== undefined && now() - last < ONE_LINE_IN_MS) return;
    saidAt.set(kind, now());
    log.warn({ source, reason }, "webhook refused");
  };
}
