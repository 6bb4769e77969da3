const BRAND = Symbol.for("cal-relay.sink-error");

/** What every failure may carry besides its message. */
export interface FailureOptions {
  /** The error behind it. */
  readonly cause?: unknown;
  /** What the vendor answered, kept with the attempt: status, code, a short body. No secrets. */
  readonly answer?: unknown;
}

/**
 * The four ways a delivery fails, as the relay understands them. Throw one of the subclasses. The message is kept with the attempt and the
 * hold and shown to people; it never reaches the log, so it may use the vendor's words. No secrets.
 */
export abstract class SinkError extends Error {
  abstract readonly outcome: "rejected" | "unavailable" | "rate-limited" | "misconfigured";
  readonly answer: unknown;
  readonly [BRAND] = true;

  constructor(message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.answer = options.answer;
    this.name = new.target.name;
  }
}

/** This message will never be accepted: a bad channel, invalid blocks, an unknown column. The delivery is dead at once. */
export class Rejected extends SinkError {
  override readonly outcome = "rejected";
}

/** What Unavailable may carry besides its message. */
export interface UnavailableOptions extends FailureOptions {
  /** Seconds the vendor asks to wait. */
  readonly retryAfter?: number | undefined;
  /** True when the message may have arrived all the same: the next try is told by `delivery.maybeDelivered`. */
  readonly ambiguous?: boolean | undefined;
}

/** It may work later: network, time-out, 5xx. Tried again by the retry schedule, or after `retryAfter`. */
export class Unavailable extends SinkError {
  override readonly outcome = "unavailable";
  readonly retryAfter: number | undefined;
  readonly ambiguous: boolean;

  constructor(message: string, options: UnavailableOptions = {}) {
    super(message, options);
    this.retryAfter = options.retryAfter;
    this.ambiguous = options.ambiguous ?? false;
  }
}

/** The vendor asks everyone to wait `retryAfter` seconds: the whole sink is held until then and no attempt is used up. */
export class RateLimited extends SinkError {
  override readonly outcome = "rate-limited";
  readonly retryAfter: number;

  constructor(message: string, options: FailureOptions & { readonly retryAfter: number }) {
    super(message, options);
    this.retryAfter = options.retryAfter;
  }
}

/** Nothing will work until someone mends it: token revoked, scope missing, sheet not shared. The sink is held, its deliveries wait. */
export class Misconfigured extends SinkError {
  override readonly outcome = "misconfigured";
}

/** One of the four: all that `deliver` may throw. */
export type SinkFailure = Rejected | Unavailable | RateLimited | Misconfigured;

/** True for the four, also when they come from another copy of the SDK. */
export function isSinkFailure(error: unknown): error is SinkFailure {
  return error instanceof Error && BRAND in error && "outcome" in error && OUTCOMES.has(error.outcome);
}

const OUTCOMES: ReadonlySet<unknown> = new Set<SinkFailure["outcome"]>([
  "rejected",
  "unavailable",
  "rate-limited",
  "misconfigured",
]);
