import type { Position } from "../config/problem.ts";
import type { Json } from "../event.ts";

/** What an event of a test was expected to bring about, and did not. */
export interface Failure extends Position {
  /** Which of the test's events, from 1. */
  readonly event: number;
  /** The sample or file, as the suite names it. */
  readonly name: string;
  /** `status`, `routes`, or the sink or target whose message it is. */
  readonly of: string;
  readonly differences: readonly Difference[];
  /** Why, as far as the relay knows. */
  readonly reasons: readonly string[];
}

/** Where something was expected and something else was there; a side that is missing had nothing. */
export interface Difference {
  /** As in filters: `blocks.0.text.text`; empty for the whole. */
  readonly path: string;
  readonly expected?: Json;
  readonly got?: Json;
}
