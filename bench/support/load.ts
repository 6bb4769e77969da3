import autocannon from "autocannon";
import { percentile } from "./statistics.ts";
import { signed, webhook } from "./webhooks.ts";

export interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const CONNECTIONS = 100;
let sent = 0;

/**
 * Posts signed webhooks, each a new one, as fast as they are answered. Throws unless every answer is a 202: a duplicate or a refusal would
 * be cheaper than what is measured.
 */
export async function load(url: string, seconds: number): Promise<Load> {
  const latencies: number[] = [];
  const refused = new Set<number>();
  const startedAt = performance.now();
  let lastAt = startedAt;
  const running = autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [
      {
        method: "POST",
        path: "/hooks/cal",
        headers: {},
        setupRequest(request) {
          const body = webhook(++sent);
          return { ...request, body, headers: signed(body) };
        },
      },
    ],
  });
  running.on("response", (_client, status, _bytes, latencyMs) => {
    if (status !== 202) refused.add(status);
    latencies.push(latencyMs);
    lastAt = performance.now();
  });
  const { errors, timeouts } = await running;
  if (errors > 0 || timeouts > 0 || refused.size > 0)
    throw new Error(
      `${url}: ${errors} errors, ${timeouts} time-outs, answers other than 202: ${[...refused].join(" ")}`,
    );
  return {
    perSecond: (latencies.length / (lastAt - startedAt)) * 1_000,
    p50Ms: percentile(latencies, 50),
    p99Ms: percentile(latencies, 99),
  };
}
