import { setTimeout as sleepFor } from "node:timers/promises";
import type { Claim, Ledger } from "../ledger/ledger.ts";
import type { Log } from "../observe/log.ts";
import type { Mask } from "../observe/mask.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { OpenSink, SinkHost } from "../sdk/index.ts";
import { attempt, type AttemptResult } from "./attempt.ts";
import type { GuardedFetch } from "./guarded-fetch.ts";
import type { Holds } from "./hold.ts";
import type { Plan, PlannedSink } from "./plan.ts";
import { createRateLimit } from "./rate.ts";
import { createSinkLog } from "./sink-log.ts";

export interface RunnerOptions {
  readonly sink: PlannedSink;
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly holds: Holds;
  readonly network: GuardedFetch;
  readonly serially: SinkHost["serially"];
  readonly log: Log;
  readonly mask: Mask;
  readonly metrics: Metrics;
  readonly stop: AbortSignal;
  now(): number;
  random(): number;
}

export interface Runner {
  /** Looks for work soon. Cheap to call often. */
  wake(): void;
  /** Claims nothing more, waits for what runs, closes the sink. */
  close(): Promise<void>;
}

const LONGEST_SLEEP_MS = 60 * 60_000;
/** Between two tries at a ledger that does not answer. */
const LEDGER_PAUSE_MS = 1_000;

/** Keeps one sink busy: claims as many deliveries as it has free slots, runs each, sleeps until the next one falls due. */
export function createRunner(options: RunnerOptions): Runner {
  const { sink, ledger, holds, log, metrics, now } = options;
  const running = new Set<Promise<void>>();
  const rateLimit = createRateLimit(sink.rate, now);
  const sinkLog = createSinkLog(log, sink.name);
  const closing = new AbortController();
  let opened: Promise<OpenSink<unknown>> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pass: Promise<void> = Promise.resolve();
  let isPassing = false;
  let isWanted = false;

  function wake(): void {
    isWanted = true;
    if (!isPassing && !closing.signal.aborted) pass = passes();
  }

  async function passes(): Promise<void> {
    isPassing = true;
    while (isWanted && !closing.signal.aborted) {
      isWanted = false;
      try {
        await claimAndRun();
      } catch (error) {
        log.error({ sink: sink.name, code: codeOf(error) }, "the ledger gave no work");
        sleep(LEDGER_PAUSE_MS);
      }
    }
    isPassing = false;
  }

  async function claimAndRun(): Promise<void> {
    clearTimeout(timer);
    const access = holds.access(sink.name);
    if (access.state === "held") return access.until === null ? undefined : sleep(access.until - now());
    const slots = (access.state === "probe" ? 1 : sink.concurrency) - running.size;
    if (slots <= 0) return;
    const claims = await ledger.claim(sink.name, slots);
    for (const claim of claims) start(claim);
    if (claims.length === slots) return;
    const due = await ledger.nextDue(sink.name);
    if (due !== null) sleep(due - now());
  }

  function sleep(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(wake, Math.min(LONGEST_SLEEP_MS, Math.max(0, ms)));
  }

  function start(claim: Claim): void {
    const one = run(claim).finally(() => {
      running.delete(one);
      wake();
    });
    running.add(one);
  }

  async function run(claim: Claim): Promise<void> {
    const result = await attempt({
      ...options,
      claim,
      target: options.plan.targets.get(claim.delivery.target),
      open,
      turn,
      fetchWithin: (signal) => options.network.within(signal),
      log: sinkLog,
    });
    report(claim, result);
    await settle(claim, result);
  }

  /** What was sent cannot be unsent: the record of it is tried again until the ledger takes it or the relay ends. */
  async function settle(claim: Claim, { settlement, hold }: AttemptResult): Promise<void> {
    while (true) {
      try {
        if (hold !== null) await holds.hold(sink.name, hold);
        else if (isProof(settlement.attempt.outcome)) await holds.lift(sink.name);
        await ledger.settle(claim, settlement);
        return;
      } catch (error) {
        log.error({ delivery: claim.delivery.id, code: codeOf(error) }, "the attempt could not be recorded yet");
        if (options.stop.aborted) return;
        await pause(LEDGER_PAUSE_MS, options.stop);
      }
    }
  }

  function report(claim: Claim, { settlement, defect }: AttemptResult): void {
    const { delivery } = claim;
    const { outcome, durationMs, number } = settlement.attempt;
    metrics.attempt({ sink: sink.name, route: delivery.route, outcome }, durationMs / 1000);
    const fields = { delivery: delivery.id, event: delivery.event, trigger: delivery.trigger, route: delivery.route };
    const line = { ...fields, sink: sink.name, attempt: number, outcome, durationMs, state: settlement.next.state };
    if (settlement.next.state === "dead") log.warn(line, "attempt");
    else log.info(line, "attempt");
    if (defect !== undefined)
      log.error({ sink: sink.name, plugin: sink.plugin.type, ...framesOf(defect) }, "the sink plugin failed");
  }

  function open(): Promise<OpenSink<unknown>> {
    const host: SinkHost = {
      name: sink.name,
      log: sinkLog,
      fetch: options.network.within(options.stop),
      serially: options.serially,
    };
    opened ??= sink.plugin.open(sink.connection, host).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  async function turn(lane: string, signal: AbortSignal): Promise<void> {
    const waitMs = rateLimit.reserve(lane);
    if (waitMs > 0) await pause(waitMs, signal);
    signal.throwIfAborted();
  }

  return {
    wake,
    async close() {
      closing.abort();
      clearTimeout(timer);
      await pass;
      await Promise.all(running);
      clearTimeout(timer);
      const sinkToClose = await opened?.catch(() => undefined);
      await sinkToClose?.close?.();
    },
  };
}

/** The sink answered for this message, well or ill: whatever held it up is over. */
function isProof(outcome: string): boolean {
  return outcome === "delivered" || outcome === "rejected";
}

/** Returns early when the signal aborts; whoever asked looks at the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleepFor(ms, undefined, { signal }).catch(() => undefined);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

/** Where it happened, without the message, which may quote what was being sent. */
function framesOf(error: unknown): { error: string; at: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] };
  const frames = (error.stack ?? "").split("\n").filter((line) => line.trimStart().startsWith("at "));
  return { error: error.name, at: frames.slice(0, 5).map((line) => line.trim()) };
}
