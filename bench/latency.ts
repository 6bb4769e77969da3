import type { BenchOptions } from "./support/bench.ts";
import { startServer } from "./support/child.ts";
import type { Figure } from "./support/figure.ts";
import { latencies } from "./support/latencies.ts";
import { KOA_APP } from "./support/programs.ts";
import { startReceiver } from "./support/receiver.ts";
import { configure, forwardTo, startRelay } from "./support/relay.ts";
import { scratchFolder } from "./support/scratch.ts";
import { median, percentile } from "./support/statistics.ts";

const ROUNDS = 3;
const STEADY = { perSecond: 500, seconds: 4 };
const CONCURRENCY = 32;

/**
 * How long a webhook takes from being sent to the relay to arriving at a sink, at a steady 500 a second. The baseline is a Koa app that
 * checks, parses and posts each on by undici before it answers, and stores nothing.
 */
export async function latency({ say, profile }: BenchOptions): Promise<readonly Figure[]> {
  using folder = scratchFolder();
  await using receiver = await startReceiver();
  configure(folder.path, forwardTo(receiver.url, CONCURRENCY));
  await using relay = await startRelay(folder.path, profile);
  await using koa = await startServer([KOA_APP, receiver.url], { folder: folder.path });

  const rounds: { relay: readonly number[]; koa: readonly number[] }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    say(round === 0 ? "warming up" : `round ${round} of ${ROUNDS}`);
    const pair = {
      koa: await latencies(koa.url, receiver, STEADY),
      relay: await latencies(relay.url, receiver, STEADY),
    };
    if (round > 0) rounds.push(pair);
  }
  return ([50, 99] as const).map((percent) => ({
    bench: "latency",
    what: `request to sink, p${percent}`,
    value: median(rounds.map((pair) => percentile(pair.relay, percent))),
    unit: "ms",
    baseline: { what: "forwarding Koa app", value: median(rounds.map((pair) => percentile(pair.koa, percent))) },
    must: { value: { atMost: percent === 50 ? 10 : 50 } },
  }));
}
