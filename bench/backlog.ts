import type { BenchOptions } from "./support/bench.ts";
import { makeBacklog, type BacklogSize } from "./support/backlog.ts";
import type { Figure } from "./support/figure.ts";
import { residentMb } from "./support/memory.ts";
import { startReceiver, type Receiver } from "./support/receiver.ts";
import { configure, forwardTo, startRelay } from "./support/relay.ts";
import { scratchFolder } from "./support/scratch.ts";
import { median } from "./support/statistics.ts";
import { shortWebhook } from "./support/webhooks.ts";

const ROUNDS = 2;
const SMALL: BacklogSize = { deliveries: 10_000, bookings: 1_000 };
const LARGE: BacklogSize = { deliveries: 1_000_000, bookings: 100_000 };
const CONCURRENCY = 32;
/** The first ones find cold code; they are not timed. */
const WARM_UP = 2_000;

interface Drain {
  readonly readyMs: number;
  readonly perSecond: number;
  readonly residentMb: number;
}

/**
 * What a million waiting deliveries cost: how fast they drain, how much memory the relay takes at most, how long it takes to start. The
 * baseline is the same with ten thousand.
 */
export async function backlog({ say, profile }: BenchOptions): Promise<readonly Figure[]> {
  await using receiver = await startReceiver();
  using large = scratchFolder();
  say("making a ledger of a million deliveries");
  configure(large.path, forwardTo(receiver.url, CONCURRENCY));
  await makeBacklog(large.path, shortWebhook(0), LARGE);

  const drains: { small: Drain; large: Drain }[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    say(`round ${round} of ${ROUNDS}`);
    using small = scratchFolder();
    configure(small.path, forwardTo(receiver.url, CONCURRENCY));
    await makeBacklog(small.path, shortWebhook(0), SMALL);
    drains.push({ small: await drain(small.path, receiver), large: await drain(large.path, receiver, profile) });
  }
  const both = (pick: (drain: Drain) => number): { value: number; baseline: { what: string; value: number } } => ({
    value: median(drains.map((pair) => pick(pair.large))),
    baseline: { what: "10,000 waiting", value: median(drains.map((pair) => pick(pair.small))) },
  });
  const bench = "backlog";
  return [
    { bench, what: "drained", unit: "/s", ...both((one) => one.perSecond), must: { ratio: { atLeast: 0.8 } } },
    { bench, what: "memory at most", unit: "MB", ...both((one) => one.residentMb), must: { value: { atMost: 200 } } },
    { bench, what: "start to ready", unit: "ms", ...both((one) => one.readyMs), must: { value: { atMost: 2_000 } } },
  ];
}

/** Starts the relay on the folder's ledger and lets it drain as many deliveries as the small one has. */
async function drain(folder: string, receiver: Receiver, profile?: string): Promise<Drain> {
  const measured = receiver.rate(WARM_UP).then(() => receiver.rate(SMALL.deliveries - WARM_UP));
  await using relay = await startRelay(folder, profile);
  const perSecond = await measured;
  return { readyMs: relay.readyMs, perSecond, residentMb: residentMb(relay.pid, "peak") };
}
