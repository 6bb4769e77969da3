import { setTimeout as sleepFor } from "node:timers/promises";
import { request } from "undici";
import type { BenchOptions } from "./support/bench.ts";
import type { Figure } from "./support/figure.ts";
import { startHoldingReceiver } from "./support/holding-receiver.ts";
import { startBenchPostgres, type BenchPostgres } from "./support/postgres.ts";
import { configure, forwardTo, startRelay, type RelaySetup } from "./support/relay.ts";
import { scratchFolder } from "./support/scratch.ts";
import { median } from "./support/statistics.ts";
import { signed, webhook } from "./support/webhooks.ts";

const ROUNDS = 4;
/** Seconds: the shortest lease there may be, and the usual one. */
const LEASES = [10, 30] as const;
const HELD = 8;
/** Of the lease, as docs/scaling.md says: a third until somebody looks for what nobody renews, and one until it is taken back. */
const PROMISED = 5 / 3;

/**
 * How long what a relay was delivering when it was killed takes to arrive from another, all of it. The baseline is the lease, which no
 * other relay may break.
 */
export async function takeover({ say }: BenchOptions): Promise<readonly Figure[]> {
  await using postgres = await startBenchPostgres();
  const taken = new Map<number, number[]>(LEASES.map((lease) => [lease, []]));
  for (let round = 1; round <= ROUNDS; round++) {
    say(`round ${round} of ${ROUNDS}`);
    await Promise.all(
      LEASES.map(async (lease) => taken.get(lease)?.push(await takeoverS(postgres, lease, (round - 1) / ROUNDS))),
    );
  }
  return LEASES.flatMap((lease) => {
    const seconds = taken.get(lease) ?? [];
    const of = { bench: "takeover", unit: "s", baseline: { what: `lease of ${lease} s`, value: lease } } as const;
    return [
      { ...of, what: "killed to delivered by another, median", value: median(seconds), must: {} },
      { ...of, what: "at most", value: Math.max(...seconds), must: { value: { atMost: lease * PROMISED } } },
    ];
  });
}

/** `share` of the time between two renewals of a lease passes before the relay is killed: it tells how much of the lease is left. */
async function takeoverS(postgres: BenchPostgres, lease: number, share: number): Promise<number> {
  const url = await postgres.fresh();
  using folder = scratchFolder();
  await using receiver = await startHoldingReceiver();
  configure(folder.path, patientlyTo(receiver.url), `${url}?lease=${lease}s`);
  await using killed = await startRelay(folder.path);
  const held = receiver.arrivals(HELD);
  for (let index = 0; index < HELD; index++) await post(killed.url, webhook(index));
  await held;
  await using stack = new AsyncDisposableStack();
  stack.use(await startRelay(folder.path));
  await sleepFor((share * lease * 1_000) / 3);

  const again = receiver.arrivals(HELD);
  receiver.answer();
  const startedAt = performance.now();
  process.kill(killed.pid, "SIGKILL");
  await again;
  return (performance.now() - startedAt) / 1_000;
}

function patientlyTo(url: string): RelaySetup {
  const { sinks, routes } = forwardTo(url, HELD);
  return { sinks: { receiver: { ...sinks["receiver"], timeout: "5m" } }, routes };
}

async function post(url: string, body: string): Promise<void> {
  const answer = await request(`${url}/hooks/cal`, { method: "POST", body, headers: signed(body) });
  await answer.body.dump();
  if (answer.statusCode !== 202) throw new Error(`the relay answered ${answer.statusCode}`);
}
