import autocannon from "autocannon";
import { percentile } from "./statistics.ts";
import { signed, webhook } from "./webhooks.ts";

export interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Seconds, or how many requests. */
type Length = { readonly duration: number } | { readonly amount: number };

/** In all, as many as senders that wait for an answer. */
export const CONNECTIONS = 100;
let sent = 0;

/** Posts signed webhooks for so many seconds, each a new one, as fast as they are answered. Throws unless every answer is a 202. */
export function load(url: string, seconds: number): Promise<Load> {
  return loadAll([url], { duration: seconds });
}

/** The same with so many webhooks in all, spread over several relays. */
export function loadWith(urls: readonly string[], webhooks: number): Promise<Load> {
  return loadAll(urls, { amount: Math.ceil(webhooks / urls.length) });
}

async function loadAll(urls: readonly string[], length: Length): Promise<Load> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  let lastAt = startedAt;
  const hear = (latencyMs: number): void => {
    latencies.push(latencyMs);
    lastAt = performance.now();
  };
  const connections = Math.floor(CONNECTIONS / urls.length);
  await Promise.all(urls.map((url) => loadOne(url, connections, length, hear)));
  return {
    perSecond: (latencies.length / (lastAt - startedAt)) * 1_000,
    p50Ms: percentile(latencies, 50),
    p99Ms: percentile(latencies, 99),
  };
}

/** Throws where a webhook is not accepted: a duplicate or a refusal would be cheaper than what is measured. */
async function loadOne(
  url: string,
  connections: number,
  length: Length,
  hear: (latencyMs: number) => void,
): Promise<void> {
  const refused = new Set<number>();
  const running = autocannon({
    url,
    connections,
    ...length,
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
    hear(latencyMs);
  });
  const { errors, timeouts } = await running;
  if (errors > 0 || timeouts > 0 || refused.size > 0)
    throw new Error(
      `${url}: ${errors} errors, ${timeouts} time-outs, answers other than 202: ${[...refused].join(" ")}`,
    );
}
