import { z } from "zod";
import { run, type Server } from "./support/child.ts";
import type { BenchOptions } from "./support/bench.ts";
import type { Figure } from "./support/figure.ts";
import { CONNECTIONS, loadWith } from "./support/load.ts";
import { startBenchPostgres, type BenchPostgres } from "./support/postgres.ts";
import { PG_BOSS_LOOP } from "./support/programs.ts";
import { startReceiver, type Receiver } from "./support/receiver.ts";
import { configure, forwardTo, pauseSink, runRelay, startRelay } from "./support/relay.ts";
import { scratchFolder } from "./support/scratch.ts";
import { median } from "./support/statistics.ts";

const ROUNDS = 3;
const WARM_UP = 1_000;
const WEBHOOKS = 6_000;
const CONCURRENCY = 32;
const RELAYS = [1, 2, 3] as const;

/** How many in a second: taken in while nothing is delivered, and then delivered while nothing comes in. */
interface Rates {
  readonly accepted: number;
  readonly delivered: number;
}

/**
 * How fast one, two and three relays on one PostgreSQL accept signed webhooks of 2 kB, spread over them, and deliver them, 32 at once over
 * all. The one baseline is pg-boss alone on the same server and with the same policy, in a process of its own that stores, fetches and
 * completes as many jobs and does nothing else; the other is a relay with the embedded ledger.
 */
export async function relays({ say, profile }: BenchOptions): Promise<readonly Figure[]> {
  await using postgres = await startBenchPostgres();
  await using receiver = await startReceiver();
  const rounds: { boss: Rates; embedded: Rates; shared: readonly Rates[] }[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    say(`round ${round} of ${ROUNDS}`);
    const boss = await throughBoss(postgres);
    const embedded = await throughRelays(1, undefined, receiver);
    const shared: Rates[] = [];
    for (const count of RELAYS) {
      const url = await postgres.fresh();
      shared.push(await throughRelays(count, url, receiver, profile));
      await postgres.drop(url);
    }
    rounds.push({ boss, embedded, shared });
  }
  const of = (pick: (round: (typeof rounds)[number]) => number): number => median(rounds.map(pick));
  const against = (which: "boss" | "embedded", what: string, atLeast?: number): Figure[] =>
    (["accepted", "delivered"] as const).flatMap((step) =>
      RELAYS.map((count, at) => ({
        bench: "relays",
        what: `${step} by ${count}`,
        value: of(({ shared }) => shared[at]?.[step] ?? NaN),
        unit: "/s",
        baseline: { what, value: of((round) => round[which][step]) },
        must: atLeast === undefined ? {} : { ratio: { atLeast } },
      })),
    );
  return [...against("boss", "pg-boss alone", 0.6), ...against("embedded", "embedded ledger")];
}

const rates = z.object({ sentPerSecond: z.number(), finishedPerSecond: z.number() });

async function throughBoss(postgres: BenchPostgres): Promise<Rates> {
  using folder = scratchFolder();
  const url = await postgres.fresh();
  const numbers = [WARM_UP, WEBHOOKS, CONNECTIONS, CONCURRENCY].map(String);
  const printed = await run([PG_BOSS_LOOP, url, ...numbers], { folder: folder.path });
  await postgres.drop(url);
  const { sentPerSecond, finishedPerSecond } = rates.parse(JSON.parse(printed));
  return { accepted: sentPerSecond, delivered: finishedPerSecond };
}

async function throughRelays(
  count: number,
  storage: string | undefined,
  receiver: Receiver,
  profile?: string,
): Promise<Rates> {
  using folder = scratchFolder();
  configure(folder.path, forwardTo(receiver.url, CONCURRENCY), storage);
  await pauseSink(folder.path, "receiver");
  await using stack = new AsyncDisposableStack();
  const servers: Server[] = [];
  for (let index = 0; index < count; index++) servers.push(stack.use(await startRelay(folder.path, profile)));
  const urls = servers.map(({ url }) => url);
  await loadWith(urls, WARM_UP);
  const { perSecond: accepted } = await loadWith(urls, WEBHOOKS);
  const measured = receiver.rate(WARM_UP).then(() => receiver.rate(WEBHOOKS));
  await runRelay(folder.path, "resume", "receiver");
  return { accepted, delivered: await measured };
}
