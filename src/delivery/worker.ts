import type { Ledger } from "../ledger/ledger.ts";
import type { Log } from "../observe/log.ts";
import type { Mask } from "../observe/mask.ts";
import type { Metrics } from "../observe/metrics.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import { createHolds } from "./hold.ts";
import type { Plan } from "./plan.ts";
import { createRunner, type Runner } from "./runner.ts";
import { createSerially } from "./serially.ts";

export interface WorkerOptions {
  readonly ledger: Ledger;
  readonly plan: Plan;
  readonly log: Log;
  readonly mask: Mask;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly random: () => number;
}

export interface Worker {
  /** Stops claiming, lets what runs finish for `graceMs`, aborts and hands back the rest, closes the sinks. Once only. */
  close(graceMs: number): Promise<void>;
}

/**
 * Delivers what is due, one runner a sink, so that no sink can cost another a slot or a moment. Everything that waits is in the ledger;
 * in memory is only what runs.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { ledger, plan } = options;
  const network = createGuardedFetch();
  const holds = await createHolds(options);
  const serially = new Map<string, ReturnType<typeof createSerially>>();
  const stop = new AbortController();

  const runners = new Map<string, Runner>();
  for (const sink of plan.sinks.values()) {
    const shared = serially.get(sink.plugin.type) ?? createSerially();
    serially.set(sink.plugin.type, shared);
    runners.set(sink.name, createRunner({ ...options, sink, holds, network, serially: shared, stop: stop.signal }));
  }

  const unsubscribe = ledger.onWork((sink) => {
    if (sink === "*") holds.refresh();
    for (const runner of sink === "*" ? runners.values() : [runners.get(sink)]) runner?.wake();
  });
  holds.onChange((sink) => runners.get(sink)?.wake());
  for (const runner of runners.values()) runner.wake();

  async function close(graceMs: number): Promise<void> {
    unsubscribe();
    const end = (): void => stop.abort(new Error("the relay is stopping"));
    const grace = setTimeout(end, graceMs);
    await Promise.all([...runners.values()].map((runner) => runner.close()));
    clearTimeout(grace);
    end();
    await network.close();
  }

  let closing: Promise<void> | undefined;
  return { close: (graceMs) => (closing ??= close(graceMs)) };
}
