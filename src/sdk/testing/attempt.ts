import { inspect } from "node:util";
import { isSinkFailure, type Receipt, type SinkFailure } from "../index.ts";
import type { Outcome } from "./subject.ts";

/** How one try ended. `defect`: it threw something else than one of the four. `running`: it went on after its signal had aborted. */
export type Attempt =
  | { readonly outcome: "delivered"; readonly receipt: Receipt | undefined }
  | { readonly outcome: SinkFailure["outcome"]; readonly failure: SinkFailure }
  | { readonly outcome: "defect"; readonly error: unknown }
  | { readonly outcome: "running" };

/** How long a try may go on once its signal has aborted. */
const PATIENCE_MS = 2_000;

/** Waits for the end of a try, and no longer than patience allows once `signal` has aborted. Never rejects. */
export async function ended(delivery: Promise<Receipt | undefined>, signal: AbortSignal): Promise<Attempt> {
  const late = Promise.withResolvers<Attempt>();
  let timer: NodeJS.Timeout | undefined;
  const impatient = (): void => void (timer = setTimeout(() => late.resolve({ outcome: "running" }), PATIENCE_MS));
  if (signal.aborted) impatient();
  else signal.addEventListener("abort", impatient, { once: true });
  try {
    return await Promise.race([delivery.then(delivered, failed), late.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", impatient);
  }
}

/** The failure that a try ended by, if it was one of the four. */
export function failureOf(attempt: Attempt): SinkFailure | undefined {
  return "failure" in attempt ? attempt.failure : undefined;
}

/** What a try says of the message: its outcome, or `unknown` where the message may have arrived. */
export function claimOf(attempt: Attempt): Attempt["outcome"] | "unknown" {
  const failure = failureOf(attempt);
  return failure?.outcome === "unavailable" && failure.ambiguous ? "unknown" : attempt.outcome;
}

/** An outcome as an author writes it. */
export function nameOf(outcome: Outcome | "unknown"): string {
  return NAMES[outcome];
}

const NAMES: Readonly<Record<Outcome | "unknown", string>> = {
  delivered: "that deliver resolves",
  rejected: "Rejected",
  unavailable: "Unavailable",
  "rate-limited": "RateLimited",
  misconfigured: "Misconfigured",
  unknown: "Unavailable with ambiguous: true",
};

/** What a sink did, for the message of a case that fails. */
export function told(attempt: Attempt): string {
  if (attempt.outcome === "delivered") return "the sink resolved, which says delivered";
  if (attempt.outcome === "running") return `the sink still ran ${PATIENCE_MS / 1000} s after its signal had aborted`;
  if (attempt.outcome === "defect")
    return `the sink threw ${shown(attempt.error)}, which is none of the four failures${placeOf(attempt.error)}`;
  const { failure } = attempt;
  const more = [
    ...(failure.outcome === "unavailable" ? [`ambiguous: ${failure.ambiguous}`] : []),
    ...("retryAfter" in failure && failure.retryAfter !== undefined ? [`retryAfter: ${failure.retryAfter}`] : []),
  ];
  return `the sink threw ${shown(failure)}${more.length > 0 ? ` { ${more.join(", ")} }` : ""}`;
}

/** An error in one line. */
export function shown(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : inspect(error);
}

/** Where an error was thrown, as its stack's first line has it: ` (at file:///…/ntfy.ts:33:12)`. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const [, place] = /^ {4}at (?:.*\()?((?:file:|\/)[^()\s]+:\d+:\d+)\)?$/m.exec(stack) ?? [];
  return place === undefined ? "" : ` (at ${place})`;
}

function delivered(receipt: Receipt | undefined): Attempt {
  return { outcome: "delivered", receipt };
}

function failed(error: unknown): Attempt {
  return isSinkFailure(error) ? { outcome: error.outcome, failure: error } : { outcome: "defect", error };
}
