import { setTimeout as sleepFor } from "node:timers/promises";
import type { Claim, WorkLedger } from "../ledger/ledger.ts";
import { defectFields, failureFields } from "../observe/failure.ts";
import type { Log } from "../observe/log.ts";
import type { Mask } from "../observe/mask.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { SinkHost } from "../sdk/index.ts";
import { attempt, type AttemptResult } from "./attempt.ts";
import { createBreaker } from "./breaker.ts";
import type { GuardedFetch } from "./guarded-fetch.ts";
import type { Holds } from "./hold.ts";
import { createOpened } from "./opened.ts";
import type { Plan, PlannedSink, PlannedTarget } from "./plan.ts";
import { createPump } from "./pump.ts";
import { Slots } from "../slots.ts";

export interface RunnerOptions {
  readonly sink: PlannedSink;
  /** The one in force at the moment. */
  readonly plan: () => Plan;
  /** Nothing is claimed before: what the sink ran under its former settings has to end first. */
  readonly after: Promise<void>;
  readonly ledger: WorkLedger;
  readonly holds: Holds;
  readonly network: GuardedFetch;
  readonly serially: SinkHost["serially"];
  readonly log: Log;
  readonly mask: Mask;
  readonly metrics: Metrics;
  readonly stop: AbortSignal;
  readonly now: () => number;
  readonly random: () => number;
}

export interface Runner {
  /** Looks for work soon. Cheap to call often. */
  wake(): void;
  /** Claims nothing more, waits for what runs, closes the sink. */
  close(): Promise<void>;
}

/** What is due and cannot be claimed is in another relay's hands, or waits for a slot that one has taken. */
const ELSEWHERE_MS = 250;

/** Between two tries at a ledger that does not answer. */
const LEDGER_PAUSE_MS = 1_000;

/** Keeps one sink busy: claims as many deliveries as it has free slots, runs each, sleeps until the next one falls due. */
export function createRunner(options: RunnerOptions): Runner {
  const { sink, after, ledger, holds, log, metrics, now } = options;
  const running = new Slots<Promise<void>>();
  const breaker = createBreaker(sink.breaker);
  const opened = createOpened(options);
  const closing = new AbortController();
  const pump = createPump({
    look: claimAndRun,
    onError: (error) => log.error({ sink: sink.name, ...failureFields(error) }, "the ledger gave no work"),
  });

  async function claimAndRun(): Promise<number | null> {
    await after;
    if (closing.signal.aborted) return null;
    const access = holds.access(sink.name);
    if (access.state === "held") return access.until === null ? null : access.until - now();
    const concurrency = access.state === "probe" ? 1 : sink.concurrency;
    const slots = concurrency - running.size;
    if (slots <= 0) return null;
    const claims = await ledger.claim(sink.name, slots, concurrency);
    for (const claim of claims) start(claim);
    // With every slot taken, the next one to come free wakes the pump.
    if (claims.length === slots) return null;
    const due = await ledger.nextDue(sink.name);
    return due === null ? null : Math.max(due - now(), ELSEWHERE_MS);
  }

  function start(claim: Claim): void {
    const place = running.put(
      run(claim).finally(() => {
        void running.take(place);
        pump.wake();
      }),
    );
  }

  async function run(claim: Claim): Promise<void> {
    const result = closing.signal.aborted
      ? null
      : await attempt({ ...options, ...opened, claim, target: target(claim), turn });
    if (result === null) return written(claim, () => ledger.release(claim));
    const { settlement, sinkWorks } = result;
    report(claim, result);
    const hold = holdAfter(claim, result);
    if (sinkWorks === true) breaker.worked();
    await written(claim, async () => {
      // The hold first: a delivery that waits again must not be claimed before it.
      if (hold !== null) await holds.hold(sink.name, hold);
      else if (sinkWorks === true) await holds.lift(sink.name, settlement.attempt.startedAt);
      await ledger.settle(claim, settlement);
    });
  }

  function target({ delivery }: Claim): PlannedTarget | undefined {
    return options.plan().targets.get(delivery.target);
  }

  /** False when the relay is closing, or the sink was held while the delivery waited for its lane. */
  async function turn(lane: string): Promise<boolean> {
    const waitMs = sink.rate === null ? 0 : await ledger.turn(sink.name, lane, sink.rate);
    if (waitMs > 0) await pause(waitMs, closing.signal);
    return !closing.signal.aborted && holds.access(sink.name).state !== "held";
  }

  function holdAfter({ delivery }: Claim, { settlement, hold, sinkWorks }: AttemptResult): AttemptResult["hold"] {
    if (hold !== null || sinkWorks !== false) return hold;
    const restMs = breaker.failed(delivery.bookingKey, holds.access(sink.name));
    if (restMs === null) return null;
    const reason = `too many failures in a row, the last one: ${settlement.attempt.reason}`;
    return { kind: "unavailable", reason, since: now(), until: now() + restMs };
  }

  /** What was sent cannot be unsent: the record of it is tried again until the ledger takes it or the relay ends. */
  async function written(claim: Claim, write: () => Promise<unknown>): Promise<void> {
    while (true) {
      try {
        await write();
        return;
      } catch (error) {
        log.error({ delivery: claim.delivery.id, ...failureFields(error) }, "the attempt could not be recorded yet");
        if (options.stop.aborted) return;
        await pause(LEDGER_PAUSE_MS, options.stop);
      }
    }
  }

  function report(claim: Claim, { settlement, defect }: AttemptResult): void {
    const { delivery } = claim;
    const { outcome, durationMs, number } = settlement.attempt;
    metrics.attempt({ sink: sink.name, route: delivery.route, outcome }, durationMs / 1000);
    const names = { delivery: delivery.id, event: delivery.event, route: delivery.route, sink: sink.name };
    const line = { ...names, attempt: number, outcome, durationMs, state: settlement.next.state };
    if (settlement.next.state === "dead") log.warn(line, "attempt");
    else log.info(line, "attempt");
    if (defect !== undefined)
      log.error({ sink: sink.name, plugin: sink.plugin.type, ...defectFields(defect) }, "the sink plugin failed");
  }

  return {
    wake: () => pump.wake(),
    async close() {
      closing.abort();
      await pump.close();
      await Promise.all(running);
      await opened.close();
    },
  };
}

/** Returns early when the signal aborts; whoever asked looks at the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleepFor(ms, undefined, { signal }).catch(() => undefined);
}
