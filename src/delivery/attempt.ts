import type { Json } from "../event.ts";
import type { Attempt, Claim, Hold, Next, Settlement } from "../ledger/ledger.ts";
import type { Mask } from "../observe/mask.ts";
import {
  isSinkFailure,
  networkFailure,
  Rejected,
  Unavailable,
  type OpenSink,
  type Receipt,
  type SinkDelivery,
  type SinkFailure,
  type SinkFetch,
  type SinkLog,
} from "../sdk/index.ts";
import { consequenceOf } from "./consequence.ts";
import { deadline } from "./deadline.ts";
import { messageOf } from "./message.ts";
import { standingOf } from "./newer-wins.ts";
import type { PlannedSink, PlannedTarget } from "./plan.ts";
import { asJson, recorded } from "./recorded.ts";

export interface AttemptOptions {
  readonly claim: Claim;
  readonly sink: PlannedSink;
  /** Undefined when the configuration has no such target any more. */
  readonly target: PlannedTarget | undefined;
  /** Opens the sink's plugin, or gives the one that is open. */
  readonly open: (signal: AbortSignal) => Promise<OpenSink<unknown>>;
  /** Resolves when it is the lane's turn, with false when no turn will come. */
  readonly turn: (lane: string) => Promise<boolean>;
  readonly fetchWithin: (signal: AbortSignal) => SinkFetch;
  readonly log: SinkLog;
  readonly mask: Mask;
  /** Aborts when the relay will wait no longer. */
  readonly stop: AbortSignal;
  readonly now: () => number;
  readonly random: () => number;
}

export interface AttemptResult {
  readonly settlement: Settlement;
  readonly hold: Omit<Hold, "sink" | "by"> | null;
  /** What this try tells of the sink as a whole; null when it tells nothing. */
  readonly sinkWorks: boolean | null;
  /** A thrown value that is none of the four failures: a defect of the plugin. */
  readonly defect: unknown;
}

/** One try under way. */
interface Try {
  startedAt: number;
  /** From here on the message may have arrived. */
  isBegun: boolean;
  message: unknown;
  memory: Json | undefined;
}

interface Conclusion
  extends Partial<Pick<AttemptResult, "hold" | "sinkWorks" | "defect">>, Pick<Settlement, "applied"> {
  readonly outcome: Attempt["outcome"];
  readonly next: Next;
  readonly answer?: unknown;
  readonly reason?: string;
}

/**
 * One try at one delivery: render, wait for the turn, deliver, and say what follows. Null when the sink was not asked, because the relay stops
 * or the sink was held meanwhile: the delivery is to be handed back. Never rejects.
 */
export async function attempt(options: AttemptOptions): Promise<AttemptResult | null> {
  const { claim, sink, target, now } = options;
  const one: Try = { startedAt: now(), isBegun: false, message: null, memory: undefined };
  if (target === undefined)
    return skip(options, one, `the configuration no longer has the target ${claim.delivery.target}`);
  try {
    const rendered = messageOf(sink.plugin, target.route, target.template, claim.event);
    if ("problem" in rendered) return unrendered(options, one, rendered.problem);
    one.message = rendered.message;
    const { supersededBy, applied } = standingOf(claim, sink.plugin, one.message);
    if (supersededBy !== null) return skip(options, one, `superseded by ${supersededBy}`);
    if (sink.missing.length > 0) return runDry(options, one);
    if (!(await options.turn(sink.plugin.lane?.(one.message) ?? ""))) return null;
    if (!claim.keeping.isHeld()) return null;
    one.startedAt = now();
    const answer = await deliver(options, one);
    const next: Next = { state: "delivered" };
    return conclude(options, one, { outcome: "delivered", next, answer, sinkWorks: true, applied });
  } catch (error) {
    return fail(options, one, error);
  }
}

function skip(options: AttemptOptions, one: Try, reason: string): AttemptResult {
  return conclude(options, one, { outcome: "skipped", next: { state: "skipped" }, reason });
}

/** A message that cannot be made will never be; where a variable of its target is not set, that is why. */
function unrendered(options: AttemptOptions, one: Try, problem: string): AttemptResult | null {
  return options.sink.missing.length > 0 ? runDry(options, one, problem) : fail(options, one, new Rejected(problem));
}

function runDry(options: AttemptOptions, one: Try, problem?: string): AttemptResult {
  const unset = `dry run: ${options.sink.missing.join(", ")} not set`;
  const reason = problem === undefined ? unset : `${unset}; ${problem}`;
  return conclude(options, one, { outcome: "dry-run", next: { state: "skipped" }, reason });
}

async function deliver(options: AttemptOptions, one: Try): Promise<Receipt | undefined> {
  using limit = deadline(options.sink.timeoutMs, options.stop, options.claim.keeping.lost);
  const { signal, over } = limit;

  async function run(): Promise<Receipt | undefined> {
    const opened = await options.open(signal);
    signal.throwIfAborted();
    one.isBegun = true;
    return opened.deliver(one.message, deliveryOf(options, one, signal));
  }
  return await Promise.race([run(), over]);
}

function deliveryOf({ claim, fetchWithin, log }: AttemptOptions, one: Try, signal: AbortSignal): SinkDelivery {
  const { delivery, event } = claim;
  let memory: unknown = claim.memory ?? undefined;
  const send = fetchWithin(signal);
  return {
    id: delivery.id,
    attempt: delivery.attempts + 1,
    maybeDelivered: delivery.maybeDelivered,
    signal,
    event: { ...event, booking: { ...event.booking } },
    bookingKey: delivery.bookingKey,
    memory: {
      get: () => memory,
      set(value) {
        one.memory = asJson(value);
        memory = value;
      },
    },
    async fetch(url, init) {
      if (!claim.keeping.isHeld()) throw new Unavailable("the delivery was given to another relay meanwhile");
      return send(url, init);
    },
    log,
  };
}

function fail(options: AttemptOptions, one: Try, error: unknown): AttemptResult | null {
  const { claim, sink, now } = options;
  const failure = asFailure(error);
  const { outcome, message, answer } = failure ?? PLUGIN_FAILED;
  const { lost } = claim.keeping;
  const isStopped = (options.stop.aborted || lost.aborted) && outcome === "unavailable";
  if (isStopped && !one.isBegun) return null;

  const { attempts, firstAttemptAt } = claim.delivery;
  const maybeDelivered = claim.delivery.maybeDelivered || (one.isBegun && isAmbiguous(failure ?? PLUGIN_FAILED));
  if (isStopped) {
    const next: Next = { state: "waiting", dueAt: now(), maybeDelivered, usedAttempt: false };
    const reason = lost.aborted ? "the ledger could not be reached meanwhile" : "the relay was stopped meanwhile";
    return conclude(options, one, { outcome, next, reason });
  }
  const { next, hold } = consequenceOf({
    failure: failure ?? PLUGIN_FAILED,
    policy: sink.retry,
    attempts,
    firstAttemptAt,
    maybeDelivered,
    startedAt: one.startedAt,
    now: now(),
    random: options.random(),
  });
  const sinkWorks = outcome === "unavailable" ? false : outcome === "rejected" && one.isBegun ? true : null;
  const defect = failure === undefined ? error : undefined;
  return conclude(options, one, { outcome, next, reason: message, answer, hold, sinkWorks, defect });
}

/** What a defect of the plugin is treated as. Its own message may quote what was being sent. */
const PLUGIN_FAILED = new Unavailable("the sink plugin failed; the log has the error", { ambiguous: true });

function asFailure(error: unknown): SinkFailure | undefined {
  return isSinkFailure(error) ? error : networkFailure(error);
}

function isAmbiguous(failure: SinkFailure): boolean {
  return failure.outcome === "unavailable" && failure.ambiguous;
}

function conclude({ claim, mask, now }: AttemptOptions, one: Try, conclusion: Conclusion): AttemptResult {
  const { outcome, next, answer, reason, hold, sinkWorks, defect, applied } = conclusion;
  const kept: Attempt = {
    number: claim.delivery.attempts + 1,
    startedAt: one.startedAt,
    durationMs: Math.max(0, now() - one.startedAt),
    outcome,
    message: recorded(one.message, mask),
    answer: recorded(answer, mask),
    reason: reason === undefined ? null : mask.text(reason),
  };
  return {
    settlement: { attempt: kept, next, memory: one.memory, applied },
    hold: hold ? { ...hold, reason: mask.text(hold.reason) } : null,
    sinkWorks: sinkWorks ?? null,
    defect,
  };
}
