import type { Config } from "../config/config.ts";
import type { Position } from "../config/problem.ts";
import type { Json, Source } from "../event.ts";
import type { Filter } from "../routing/filter.ts";

/** A *.test.yaml, read, and valid for its configuration. */
export interface Suite {
  readonly config: Config;
  /** What templates of the configuration take for now; moved by whoever runs the tests. */
  readonly clock: Clock;
  readonly tests: readonly SuiteTest[];
}

/** Epoch milliseconds. */
export interface Clock {
  at: number;
}

export interface SuiteTest {
  readonly name: string;
  readonly position: Position;
  /** Where the clock stands at its beginning. */
  readonly startsAt: number;
  readonly events: readonly SuiteEvent[];
}

/** A webhook to be accepted, and what has to come of it. */
export interface SuiteEvent {
  /** The sample or file, as the suite names it. */
  readonly name: string;
  readonly position: Position;
  readonly source: Source;
  readonly afterMs: number;
  readonly body: string;
  readonly expected: Expectation;
}

export interface Expectation {
  readonly status: (Position & { readonly value: "accepted" | "duplicate" | "pong" }) | null;
  /** In the configuration's order. */
  readonly routes: (Position & { readonly names: readonly string[] }) | null;
  readonly messages: readonly ExpectedMessage[];
}

/** Of a sink, or of one target. */
export type ExpectedMessage = Position & { readonly to: string } & (
    | { readonly kind: "absent" }
    | { readonly kind: "fields"; readonly fields: readonly ExpectedField[] }
    | { readonly kind: "exactly"; readonly message: Json }
  );

export interface ExpectedField extends Position {
  /** As in filters: `blocks.0.text.text`. */
  readonly path: string;
  /** As written. */
  readonly value: Json;
  readonly filter: Filter<unknown>;
}
