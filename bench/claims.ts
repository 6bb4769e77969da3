import { PgBoss } from "pg-boss";
import type { Claim, Ledger } from "../src/ledger/ledger.ts";
import { openPostgresLedger } from "../src/ledger/postgres/open.ts";
import type { BacklogSize } from "./support/backlog.ts";
import type { BenchOptions } from "./support/bench.ts";
import type { Figure } from "./support/figure.ts";
import { startBenchPostgres, type BenchPostgres } from "./support/postgres.ts";
import { sharedBacklog } from "./support/shared-backlog.ts";
import { median } from "./support/statistics.ts";
import { uidOf } from "./support/webhooks.ts";

const SMALL: BacklogSize = { deliveries: 1_000, bookings: 100 };
const LARGE: BacklogSize = { deliveries: 1_000_000, bookings: 100_000 };
/** Of ten each. They leave the small backlog more than half of what it had. */
const CLAIMS = 40;
const WARM_UP = 8;
const AT_ONCE = 10;
/** A key each. */
const BOSS_BACKLOGS = [1_000, 10_000, 100_000] as const;

interface Cost {
  readonly claimMs: number;
  readonly settleMs: number;
}

/**
 * What it costs to claim ten deliveries and to settle them while a million wait for the sink, of 100,000 bookings; the baseline is a
 * thousand. And, for the record, what pg-boss takes to fetch ten jobs by the same policy if all that waits is in it.
 */
export async function claims({ say }: BenchOptions): Promise<readonly Figure[]> {
  await using postgres = await startBenchPostgres();
  say("making a ledger of a million deliveries");
  const urls = { small: await sharedBacklog(postgres, SMALL), large: await sharedBacklog(postgres, LARGE) };
  say("claiming");
  const costs = await costsOf(urls);
  const figures = (["claimMs", "settleMs"] as const).map((step) => ({
    bench: "claims",
    what: step === "claimMs" ? "claim of 10 among 1,000,000" : "settling them",
    value: median(costs.map(({ large }) => large[step])),
    unit: "ms" as const,
    baseline: { what: "among 1,000", value: median(costs.map(({ small }) => small[step])) },
    must: { ratio: { atMost: 1.5 } },
  }));
  return [...figures, ...(await bossFigures(postgres, say))];
}

async function costsOf(urls: Readonly<Record<"small" | "large", string>>): Promise<{ small: Cost; large: Cost }[]> {
  const small = await open(urls.small);
  const large = await open(urls.large);
  const costs: { small: Cost; large: Cost }[] = [];
  for (let index = -WARM_UP; index < CLAIMS; index++) {
    const pair = { small: await costOf(small), large: await costOf(large) };
    if (index >= 0) costs.push(pair);
  }
  await Promise.all([small.close(), large.close()]);
  return costs;
}

function open(url: string): Promise<Ledger> {
  const onTrouble = (error: unknown): never => {
    throw error;
  };
  return openPostgresLedger({ url, pool: 10, leaseSeconds: 30, now: Date.now, onTrouble });
}

async function costOf(ledger: Ledger): Promise<Cost> {
  const startedAt = performance.now();
  const claimed = await ledger.claim("receiver", AT_ONCE, AT_ONCE);
  const claimedAt = performance.now();
  if (claimed.length !== AT_ONCE) throw new Error(`${claimed.length} were claimed instead of ${AT_ONCE}`);
  await Promise.all(claimed.map((claim) => settle(ledger, claim)));
  return { claimMs: claimedAt - startedAt, settleMs: performance.now() - claimedAt };
}

async function settle(ledger: Ledger, claim: Claim): Promise<void> {
  const attempt = { number: 1, startedAt: Date.now(), durationMs: 1, outcome: "delivered", reason: null } as const;
  const isSettled = await ledger.settle(claim, {
    attempt: { ...attempt, message: { body: "{}" }, answer: { answer: { status: 200 } } },
    next: { state: "delivered" },
  });
  if (!isSettled) throw new Error("a lease was lost");
}

async function bossFigures(postgres: BenchPostgres, say: BenchOptions["say"]): Promise<Figure[]> {
  const medians: { keys: number; fetchMs: number }[] = [];
  for (const keys of BOSS_BACKLOGS) {
    say(`pg-boss alone with ${keys}`);
    medians.push({ keys, fetchMs: await bossFetchMs(await postgres.fresh(), keys) });
  }
  const [least, ...more] = medians;
  return more.map(({ keys, fetchMs }) => ({
    bench: "claims",
    what: `pg-boss alone, fetch of 10 among ${keys.toLocaleString("en")}`,
    value: fetchMs,
    unit: "ms",
    baseline: { what: `among ${least?.keys.toLocaleString("en")}`, value: least?.fetchMs ?? NaN },
    must: {},
  }));
}

async function bossFetchMs(url: string, keys: number): Promise<number> {
  const boss = new PgBoss({ connectionString: url, max: 10, schedule: false });
  await boss.start();
  const queue = "receiver";
  await boss.createQueue(queue, { policy: "key_strict_fifo", retryLimit: 0, heartbeatSeconds: 30 });
  for (let at = 0; at < keys; at += 1_000) {
    const jobs = Array.from({ length: 1_000 }, (_, index) => ({ singletonKey: uidOf(at + index) }));
    await boss.insert(queue, jobs);
  }
  await boss.getDb().executeSql("VACUUM ANALYZE");
  const taken: number[] = [];
  for (let index = -WARM_UP; index < CLAIMS; index++) {
    const startedAt = performance.now();
    const jobs = await boss.fetch(queue, { batchSize: AT_ONCE });
    if (index >= 0) taken.push(performance.now() - startedAt);
    await boss.complete(
      queue,
      jobs.map(({ id }) => id),
    );
  }
  await boss.stop({ graceful: false });
  return median(taken);
}
