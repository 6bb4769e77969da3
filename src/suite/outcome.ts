import type { Accepted } from "../accept.ts";
import type { Json, Verdict } from "../event.ts";

/** What came of one webhook. */
export interface Outcome {
  readonly status: Accepted["status"];
  /** In the configuration's order; none for a duplicate. */
  readonly verdicts: readonly Verdict[];
  /** In the order of the targets. */
  readonly messages: readonly OutgoingMessage[];
}

/** A message as its sink would get it, or why there is none. */
export type OutgoingMessage = { readonly target: string; readonly sink: string } & (
  { readonly message: Json } | { readonly problem: string }
);
