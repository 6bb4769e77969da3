import { scopeOf } from "../rendering/renderer.ts";
import type { Json } from "../event.ts";
import type { Attempt, Claim, Hold, Settlement } from "../ledger/ledger.ts";
import type { Mask } from "../observe/mask.ts";
import {
  isSinkFailure,
  networkFailure,
  Rejected,
  Unavailable,
  type OpenSink,
  type Receipt,
  type SinkFailure,
  type SinkFetch,
  type SinkLog,
} from "../sdk/index.ts";
import { consequenceOf } from "./consequence.ts";
import type { PlannedSink, PlannedTarget } from "./plan.ts";
import { aborted } from "./serially.ts";

export interface AttemptOptions {
  readonly claim: Claim;
  readonly sink: PlannedSink;
  /** Undefined when the configuration has no such target any more. */
  readonly target: PlannedTarget | undefined;
  /** Opens the sink's plugin, or gives the one that is open. */
  open(): Promise<OpenSink<unknown>>;
  /** Resolves when it is the lane's turn. */
  turn(lane: string, signal: AbortSignal): Promise<void>;
  fetchWithin(signal: AbortSignal): SinkFetch;
  readonly log: SinkLog;
  readonly mask: Mask;
  /** Aborts when the relay will wait no longer. */
  readonly stop: AbortSignal;
  now(): number;
  random(): number;
}

export interface AttemptResult {
  readonly settlement: Settlement;
  readonly hold: Omit<Hold, "sink" | "by"> | null;
  /** A thrown value that is none of the four failures: a defect of the plugin. */
  readonly defect: unknown;
}

/** How long a sink may take to come back after its deadline before it is left to itself. */
const AFTER_DEADLINE_MS = 1_000;

/** One try at one delivery: render, check, deliver, and say what follows. Never rejects. */
export async function attempt(options: AttemptOptions): Promise<AttemptResult> {
  const { claim, sink, target, mask, now } = options;
  const startedAt = now();
  let message: unknown = null;
  let memory: Json | undefined;

  const masked = (value: unknown): Json => asJson(mask.value(tolerantJson(value)));

  function result(
    outcome: Attempt["outcome"],
    next: Settlement["next"],
    rest: Partial<AttemptResult> & Told = {},
  ): AttemptResult {
    const attempt: Attempt = {
      number: claim.delivery.attempts + 1,
      startedAt,
      durationMs: now() - startedAt,
      outcome,
      message: masked(message),
      answer: masked(rest.answer ?? null),
      reason: rest.reason === undefined ? null : mask.text(rest.reason),
    };
    return { settlement: { attempt, next, memory }, hold: rest.hold ?? null, defect: rest.defect };
  }

  if (target === undefined) {
    const reason = `the configuration no longer has the target ${claim.delivery.target}`;
    return result("skipped", { state: "skipped" }, { reason });
  }

  try {
    message = render(claim, sink, target);
    if (sink.missing.length > 0) {
      const reason = `dry run: ${sink.missing.join(", ")} not set`;
      return result("dry-run", { state: "skipped" }, { reason });
    }
    const receipt = await deliver(options, message, (value) => (memory = asJson(value)));
    return result("delivered", { state: "delivered" }, { answer: receipt });
  } catch (error) {
    if (options.stop.aborted) {
      const next = { state: "waiting", dueAt: now(), maybeDelivered: true, usedAttempt: false } as const;
      return result("unavailable", next, { reason: "the relay was stopped meanwhile" });
    }
    const failure = asFailure(error);
    const { attempts, firstAttemptAt, maybeDelivered } = claim.delivery;
    const { next, hold } = consequenceOf({
      failure: failure ?? new Unavailable("the sink plugin failed", { ambiguous: true }),
      policy: sink.retry,
      attempts,
      firstAttemptAt,
      maybeDelivered,
      startedAt,
      now: now(),
      random: options.random(),
    });
    return failure === undefined
      ? result("unavailable", next, { reason: "the sink plugin failed; the log has the error", defect: error })
      : result(failure.outcome, next, { reason: failure.message, answer: failure.answer, hold });
  }
}

interface Told {
  readonly answer?: unknown;
  readonly reason?: string;
}

/** The target as it would be sent. Throws Rejected where it does not render or does not fit the sink. */
function render(claim: Claim, sink: PlannedSink, target: PlannedTarget): unknown {
  const tree = target.template.render(scopeOf(claim.event, target.route));
  const parsed = sink.plugin.message.safeParse(tree);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Rejected(`the rendered message does not fit ${sink.plugin.title}: ${issues.join("; ")}`);
}

async function deliver(
  options: AttemptOptions,
  message: unknown,
  remember: (value: unknown) => void,
): Promise<Receipt | undefined> {
  const { claim, sink, stop, log } = options;
  await options.turn(sink.plugin.lane?.(message) ?? "", stop);
  using limit = deadline(sink.timeoutMs, stop);
  const { signal } = limit;
  let memory: unknown = claim.memory ?? undefined;

  async function run(): Promise<Receipt | undefined> {
    const opened = await options.open();
    signal.throwIfAborted();
    return opened.deliver(message, {
      id: claim.delivery.id,
      attempt: claim.delivery.attempts + 1,
      maybeDelivered: claim.delivery.maybeDelivered,
      signal,
      event: { ...claim.event, booking: { ...claim.event.booking } },
      bookingKey: claim.delivery.bookingKey,
      memory: {
        get: () => memory,
        set(value) {
          memory = value;
          remember(value);
        },
      },
      fetch: options.fetchWithin(signal),
      log,
    });
  }
  return await Promise.race([run(), givenUp(signal)]);
}

/** Aborts after `ms` or with `stop`. A controller of its own, so that nothing of it outlives the attempt. */
function deadline(ms: number, stop: AbortSignal): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  const onStop = (): void => controller.abort(stop.reason);
  const timer = setTimeout(() => controller.abort(new DOMException(`no answer within ${ms} ms`, "TimeoutError")), ms);
  if (stop.aborted) onStop();
  else stop.addEventListener("abort", onStop, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      stop.removeEventListener("abort", onStop);
    },
  };
}

/** A sink that honours its signal comes back by itself with a better error; one that does not is left behind. */
async function givenUp(signal: AbortSignal): Promise<never> {
  try {
    return await aborted(signal);
  } catch (reason) {
    await new Promise((resolve) => setTimeout(resolve, AFTER_DEADLINE_MS));
    throw reason;
  }
}

function asFailure(error: unknown): SinkFailure | undefined {
  if (isSinkFailure(error)) return error;
  if (isTemplateError(error)) return new Rejected(error.message);
  return networkFailure(error);
}

function isTemplateError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === "template_failed";
}

/** A plugin may put anything into an answer; what cannot be kept must not lose the attempt. */
function tolerantJson(value: unknown): Json {
  try {
    return asJson(value);
  } catch {
    return "(not JSON)";
  }
}

function asJson(value: unknown): Json {
  // What JSON cannot carry (undefined, functions) is dropped here, so that the ledger is given nothing else.
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}
