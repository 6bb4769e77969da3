import type { BenchOptions } from "./support/bench.ts";
import { makeBacklog, recorded } from "./support/backlog.ts";
import { run } from "./support/child.ts";
import type { Figure } from "./support/figure.ts";
import { configure, forwardTo, startRelay } from "./support/relay.ts";
import { UNDICI_LOOP } from "./support/programs.ts";
import { startReceiver, type Receiver } from "./support/receiver.ts";
import { scratchFolder } from "./support/scratch.ts";
import { median } from "./support/statistics.ts";
import { webhook } from "./support/webhooks.ts";

const ROUNDS = 2;
const DELIVERIES = 50_000;
const CONCURRENCY = 32;

/**
 * How many deliveries the relay makes in a second out of a backlog: claimed, rendered, posted, and each attempt recorded. The baseline is a
 * loop around undici that posts the same bodies to the same receiver, as many at once.
 */
export async function deliver({ say, profile }: BenchOptions): Promise<readonly Figure[]> {
  await using receiver = await startReceiver();
  const relay: number[] = [];
  const undici: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    say(`round ${round} of ${ROUNDS}`);
    undici.push(await throughUndici(receiver));
    relay.push(await throughRelay(receiver, profile));
  }
  return [
    {
      bench: "deliver",
      what: `delivered, ${CONCURRENCY} at once`,
      value: median(relay),
      unit: "/s",
      baseline: { what: "bare undici loop", value: median(undici) },
      must: { value: { atLeast: 3_000 }, ratio: { atLeast: 0.5 } },
    },
  ];
}

async function throughUndici(receiver: Receiver): Promise<number> {
  using folder = scratchFolder();
  const rate = receiver.rate(DELIVERIES);
  await run([UNDICI_LOOP, receiver.url, String(DELIVERIES), String(CONCURRENCY)], { folder: folder.path });
  return rate;
}

async function throughRelay(receiver: Receiver, profile: string | undefined): Promise<number> {
  using folder = scratchFolder();
  configure(folder.path, forwardTo(receiver.url, CONCURRENCY));
  await makeBacklog(folder.path, webhook(0), { deliveries: DELIVERIES, bookings: DELIVERIES });
  const measured = receiver.rate(DELIVERIES);
  await using relay = await startRelay(folder.path, profile);
  const rate = await measured;
  await relay.end();
  if (recorded(folder.path) !== DELIVERIES) throw new Error("not every attempt is on record");
  return rate;
}
