import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { BenchOptions } from "./support/bench.ts";
import type { Figure } from "./support/figure.ts";
import { pace } from "./support/pace.ts";
import { startReceiver, type Receiver } from "./support/receiver.ts";
import { configure, runRelay, startRelay, type RelaySetup } from "./support/relay.ts";
import { scratchFolder } from "./support/scratch.ts";
import { median, percentile } from "./support/statistics.ts";
import { numberOf } from "./support/webhooks.ts";

const ROUNDS = 3;
const PER_SECOND = 200;

/**
 * How long a webhook takes from being sent to the relay to arriving at a sink that is well, while five others, which are to get each webhook
 * too, hang, fail, limit, refuse and are paused. The baseline is the same relay with the one sink. Each round has relays of its own: what
 * waits for the troubled sinks is work that goes on between the rounds.
 */
export async function fairness({ say, profile }: BenchOptions): Promise<readonly Figure[]> {
  await using well = await startReceiver();
  await using troubled = await startTroubled();
  const rounds: { alone: readonly number[]; beside: readonly number[] }[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    say(`round ${round} of ${ROUNDS}`);
    const alone = await latencies(setup(well.url, {}), well, profile);
    rounds.push({ alone, beside: await latencies(setup(well.url, troubled.urls), well, profile) });
  }
  return ([50, 99] as const).map((percent) => ({
    bench: "fairness",
    what: `request to sink beside troubled ones, p${percent}`,
    value: median(rounds.map(({ beside }) => percentile(beside, percent))),
    unit: "ms",
    baseline: { what: "sink alone", value: median(rounds.map(({ alone }) => percentile(alone, percent))) },
    must: percent === 99 ? { ratio: { atMost: 1.2 } } : {},
  }));
}

/** Milliseconds, of every webhook of one steady run. */
async function latencies(
  relaySetup: RelaySetup,
  well: Receiver,
  profile: string | undefined,
): Promise<readonly number[]> {
  using folder = scratchFolder();
  configure(folder.path, relaySetup);
  await using relay = await startRelay(folder.path, profile);
  if ("paused" in relaySetup.sinks) await runRelay(folder.path, "pause", "paused");
  await run(relay.url, well, 1);
  return await run(relay.url, well, 3);
}

async function run(url: string, well: Receiver, seconds: number): Promise<readonly number[]> {
  const due = new Map<number, number>();
  const taken: number[] = [];
  const all = well.rate(PER_SECOND * seconds);
  well.listen((body) => {
    const at = due.get(numberOf(body));
    if (at !== undefined) taken.push(performance.now() - at);
  });
  await pace(url, { perSecond: PER_SECOND, seconds }, (number, at) => due.set(number, at));
  await all;
  return taken;
}

/** One route that gives every webhook to a sink that is well and to each of the others. */
function setup(well: string, troubled: Readonly<Record<string, string>>): RelaySetup {
  const webhook = (url: string): object => ({ type: "webhook", url, allowPrivateNetwork: true });
  const sinks = Object.fromEntries(Object.entries({ well, ...troubled }).map(([name, url]) => [name, webhook(url)]));
  const to = Object.keys(sinks).map((sink) => ({ sink }));
  return { sinks, routes: [{ name: "everything", on: "*", to }] };
}

/** Endpoints that answer by their path, /hanging never. */
async function startTroubled(): Promise<AsyncDisposable & { readonly urls: Readonly<Record<string, string>> }> {
  const answers: Readonly<Record<string, number>> = {
    "/failing": 500,
    "/limited": 429,
    "/refusing": 400,
    "/paused": 200,
  };
  const server = createServer((request, response) => {
    request.resume();
    const status = answers[request.url ?? ""];
    if (status !== undefined) response.writeHead(status, { "retry-after": "60" }).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const names = ["hanging", "failing", "limited", "refusing", "paused"];
  return {
    urls: Object.fromEntries(names.map((name) => [name, `http://127.0.0.1:${port}/${name}`])),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
