import type { BenchOptions } from "./support/bench.ts";
import { startServer } from "./support/child.ts";
import type { Figure } from "./support/figure.ts";
import { load, type Load } from "./support/load.ts";
import { KOA_APP } from "./support/programs.ts";
import { configure, pauseSink, startRelay } from "./support/relay.ts";
import { scratchFolder } from "./support/scratch.ts";
import { median } from "./support/statistics.ts";

const ROUNDS = 3;
const SECONDS = 3;

/**
 * How many signed webhooks of 2 kB the relay accepts in a second: two routes match each, and event and deliveries are on disk before the
 * answer. The sinks are paused, so that nothing else is measured. The baseline is a Koa app that reads, checks the HMAC and parses.
 */
export async function accept({ say, profile }: BenchOptions): Promise<readonly Figure[]> {
  using folder = scratchFolder();
  configure(folder.path, {
    sinks: { archive: { type: "file", path: "archive.jsonl" } },
    routes: [
      { name: "everything", on: "*", to: [{ sink: "archive" }] },
      { name: "calls", on: "BOOKING_*", filter: { "payload.length": { $gte: 15 } }, to: [{ sink: "archive" }] },
    ],
  });
  await pauseSink(folder.path, "archive");
  await using relay = await startRelay(folder.path, profile);
  await using koa = await startServer([KOA_APP], { folder: folder.path });

  const loads: { relay: Load; koa: Load }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    say(round === 0 ? "warming up" : `round ${round} of ${ROUNDS}`);
    const pair = { koa: await load(koa.url, SECONDS), relay: await load(relay.url, SECONDS) };
    if (round > 0) loads.push(pair);
  }
  const both = (pick: (load: Load) => number): { value: number; baseline: { what: string; value: number } } => ({
    value: median(loads.map((pair) => pick(pair.relay))),
    baseline: { what: "bare Koa app", value: median(loads.map((pair) => pick(pair.koa))) },
  });
  return [
    {
      bench: "accept",
      what: "accepted",
      unit: "/s",
      ...both((one) => one.perSecond),
      must: { ratio: { atLeast: 0.7 } },
    },
    { bench: "accept", what: "answer, p50", unit: "ms", ...both((one) => one.p50Ms), must: {} },
    { bench: "accept", what: "answer, p99", unit: "ms", ...both((one) => one.p99Ms), must: { ratio: { atMost: 3 } } },
  ];
}
