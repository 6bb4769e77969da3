import { hash } from "node:crypto";
import type { WorkLedger } from "../ledger/ledger.ts";
import type { Log } from "../observe/log.ts";
import type { Mask } from "../observe/mask.ts";
import type { Metrics } from "../observe/metrics.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import { createHolds } from "./hold.ts";
import { sinkChanges, type Plan, type PlannedSink, type SinkChanges } from "./plan.ts";
import { createRunner, type Runner } from "./runner.ts";
import { createSerially } from "./serially.ts";

export interface WorkerOptions {
  readonly ledger: WorkLedger;
  readonly plan: Plan;
  readonly log: Log;
  readonly mask: Mask;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly random: () => number;
}

export interface Worker {
  /**
   * Goes on with another plan, at once. What runs is finished as it was begun; a sink that is the same in both keeps its connection and its
   * pace, a changed one starts anew once what it runs is finished, and what waits for one that is gone goes on waiting.
   */
  apply(plan: Plan): SinkChanges;
  /** Lets sinks that are held until they are mended be tried now. */
  probe(): Promise<void>;
  /** Stops claiming, lets what runs finish for `graceMs`, aborts and hands back the rest, closes the sinks. Once only. */
  close(graceMs: number): Promise<void>;
}

/**
 * Delivers what is due, one runner a sink, so that no sink can cost another a slot or a moment. Everything that waits is in the ledger;
 * in memory is only what runs.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { ledger } = options;
  const network = createGuardedFetch();
  const holds = await createHolds(options);
  const serially = new Map<string, ReturnType<typeof createSerially>>();
  const stop = new AbortController();
  const runners = new Map<string, Runner>();
  /** Until the last of what they run is finished, by sink. */
  const retiring = new Map<string, Promise<void>>();
  let inForce = options.plan;

  function employ(sink: PlannedSink): void {
    const shared = serially.get(sink.plugin.type) ?? createSerially(locksOf(sink.plugin.type));
    serially.set(sink.plugin.type, shared);
    const after = retiring.get(sink.name) ?? Promise.resolve();
    const tools = { holds, network, serially: shared, stop: stop.signal };
    runners.set(sink.name, createRunner({ ...options, ...tools, sink, after, plan: () => inForce }));
  }

  /** What a plugin calls a key may be a person's address: the ledger is told its digest. */
  function locksOf(type: string): Pick<WorkLedger, "lock" | "unlock"> {
    const nameOf = (key: string): string => hash("sha256", `${type} ${key}`);
    return { lock: (key) => ledger.lock(nameOf(key)), unlock: (key) => ledger.unlock(nameOf(key)) };
  }

  function retire(sink: string): void {
    const before = retiring.get(sink);
    const retired = Promise.all([before, runners.get(sink)?.close()]).then(() => {
      if (retiring.get(sink) === retired) retiring.delete(sink);
    });
    retiring.set(sink, retired);
    runners.delete(sink);
  }

  function wakeAll(): void {
    for (const runner of runners.values()) runner.wake();
  }

  const unsubscribe = ledger.onWork((sink) => {
    if (sink !== "*") return runners.get(sink)?.wake();
    holds.refresh();
    wakeAll();
  });
  holds.onChange((sink) => runners.get(sink)?.wake());
  for (const sink of inForce.sinks.values()) employ(sink);
  wakeAll();

  async function close(graceMs: number): Promise<void> {
    unsubscribe();
    const end = (): void => stop.abort(new Error("the relay is stopping"));
    const grace = setTimeout(end, graceMs);
    for (const sink of runners.keys()) retire(sink);
    await Promise.all(retiring.values());
    clearTimeout(grace);
    end();
    await network.close();
  }

  let closing: Promise<void> | undefined;
  return {
    apply(plan) {
      const changes = sinkChanges(inForce, plan);
      inForce = plan;
      if (closing !== undefined) return changes;
      for (const sink of [...changes.changed, ...changes.gone]) retire(sink);
      for (const [name, sink] of plan.sinks) if (!runners.has(name)) employ(sink);
      wakeAll();
      return changes;
    },
    probe: () => holds.probe(),
    close: (graceMs) => (closing ??= close(graceMs)),
  };
}
