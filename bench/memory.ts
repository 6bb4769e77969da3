import type { BenchOptions } from "./support/bench.ts";
import type { Figure } from "./support/figure.ts";
import { residentMb } from "./support/memory.ts";
import { pace } from "./support/pace.ts";
import { startReceiver } from "./support/receiver.ts";
import { configure, forwardTo, startRelay } from "./support/relay.ts";
import { scratchFolder } from "./support/scratch.ts";
import { median } from "./support/statistics.ts";

const MINUTES = 10;
const PER_SECOND = 200;

/**
 * Whether memory stays flat: ten minutes of 200 webhooks a second, each delivered. The last minute's resident memory (median of a sample a
 * second) is compared with the second minute's, after warming up.
 */
export async function memory({ say, profile }: BenchOptions): Promise<readonly Figure[]> {
  using folder = scratchFolder();
  await using receiver = await startReceiver();
  configure(folder.path, forwardTo(receiver.url, 32));
  await using relay = await startRelay(folder.path, profile);

  let samples: number[] = [];
  const sampling = setInterval(() => samples.push(residentMb(relay.pid)), 1_000);
  const minutes: number[] = [];
  for (let minute = 1; minute <= MINUTES; minute++) {
    say(`minute ${minute} of ${MINUTES}`);
    samples = [];
    await pace(relay.url, { perSecond: PER_SECOND, seconds: 60 });
    minutes.push(median(samples));
  }
  clearInterval(sampling);

  return [
    {
      bench: "memory",
      what: `in minute ${MINUTES}`,
      value: minutes.at(-1) ?? NaN,
      unit: "MB",
      baseline: { what: "in minute 2", value: minutes[1] ?? NaN },
      must: { ratio: { atMost: 1.1 } },
    },
  ];
}
