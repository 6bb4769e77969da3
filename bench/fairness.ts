import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BenchOptions } from "./support/bench.ts";
import type { Figure } from "./support/figure.ts";
import { latencies } from "./support/latencies.ts";
import { DEFECTIVE_SINK } from "./support/programs.ts";
import { startReceiver } from "./support/receiver.ts";
import { configure, forwardTo, pauseSink, startRelay, type RelaySetup } from "./support/relay.ts";
import { scratchFolder } from "./support/scratch.ts";
import { percentile } from "./support/statistics.ts";

const ROUNDS = 20;
const STEADY = { perSecond: 100, seconds: 0.5 };
const CONCURRENCY = 32;

/**
 * How long a healthy sink's deliveries take while five others are sick: one hangs until its time-out, one refuses everything, one limits its
 * rate, one has a defect, one is held. The baseline is the same sink alone, in a relay of its own. They take turns of half a second, so that
 * whatever else the machine does slows down both.
 */
export async function fairness({ say, profile }: BenchOptions): Promise<readonly Figure[]> {
  using sickFolder = scratchFolder();
  using aloneFolder = scratchFolder();
  await using receiver = await startReceiver();
  await using vendor = await startSickVendor();
  const alone = forwardTo(receiver.url, CONCURRENCY);
  configure(aloneFolder.path, alone);
  configure(sickFolder.path, besideSick(alone, vendor.url));
  await pauseSink(sickFolder.path, "held");
  await using relayAlone = await startRelay(aloneFolder.path);
  await using relaySick = await startRelay(sickFolder.path, profile);

  const relays = { alone: relayAlone.url, sick: relaySick.url };
  const taken: Record<keyof typeof relays, number[]> = { alone: [], sick: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    if (round % 5 === 0) say(round === 0 ? "warming up" : `round ${round} of ${ROUNDS}`);
    // Whoever goes first may find the machine in another state.
    const order = round % 2 === 0 ? (["alone", "sick"] as const) : (["sick", "alone"] as const);
    for (const which of order) {
      const all = await latencies(relays[which], receiver, STEADY);
      if (round > 0) taken[which].push(...all);
    }
  }
  return ([50, 99] as const).map((percent) => ({
    bench: "fairness",
    what: `request to sink beside five sick ones, p${percent}`,
    value: percentile(taken.sick, percent),
    unit: "ms",
    baseline: { what: "sink alone", value: percentile(taken.alone, percent) },
    must: percent === 99 ? { ratio: { atMost: 1.2 } } : {},
  }));
}

function besideSick({ sinks, routes }: RelaySetup, url: string): RelaySetup {
  const webhook = { type: "webhook", allowPrivateNetwork: true };
  const sick = {
    hanging: { ...webhook, url: `${url}/hang`, timeout: "1s" },
    refusing: { ...webhook, url: `${url}/refuse` },
    limited: { ...webhook, url: `${url}/limit` },
    defective: { type: "defective" },
    held: { ...webhook, url: `${url}/held` },
  };
  const route = { name: "sick", on: "*", to: Object.keys(sick).map((sink) => ({ sink })) };
  return { plugins: [DEFECTIVE_SINK], sinks: { ...sinks, ...sick }, routes: [...routes, route] };
}

async function startSickVendor(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === "/refuse") response.writeHead(400).end();
    else if (request.url === "/limit") response.writeHead(429, { "retry-after": "1" }).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
