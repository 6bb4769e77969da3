/** Kinds of events that people think in; each becomes a route. */
export const GROUPS = ["bookings", "meetings", "forms", "other"] as const;
export type Group = (typeof GROUPS)[number];

/** What a sink of the starting configuration is made of: pieces of YAML, without their indentation. */
export interface SinkStarter {
  /** What it does, in a few words, for the question. */
  readonly title: string;
  /** Its name in the configuration. */
  readonly name: string;
  /** Its entry under `sinks:`, comment included. */
  readonly sink: string;
  /** Its entry under a route's `to:`, comment included. A sink that takes every event alike has one for all. */
  readonly targets: Readonly<Record<Group, string>> | string;
  readonly variables: readonly Variable[];
  /** What a suite expects of the message that a bundled sample makes, as a flow mapping. */
  readonly expects: Readonly<Record<string, string>>;
}

/** A variable of the environment. */
export interface Variable {
  readonly name: string;
  /** Where its value is found. */
  readonly from: string;
  /** What a suite sets it to. */
  readonly example: string;
}
