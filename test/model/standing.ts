import type { Shown } from "./model.ts";

/** The sinks' names in the configuration; faults are planned by their place here. */
export const SINKS = ["rows", "pages", "threads", "edited", "lines"] as const;

/** A row or page: where what is null was never said. */
export interface Kept extends Shown {
  readonly key: string;
}

export interface Message {
  readonly id: string;
  /** Of the delivery that wrote it last. */
  readonly key: string;
  readonly text: string;
  /** The id of the one that it replies to. */
  readonly root: string | null;
}

/** What stands in the sinks. */
export interface Standing {
  readonly rows: readonly Kept[];
  readonly pages: readonly Kept[];
  /** Each with an event's id as its text. */
  readonly threads: readonly Message[];
  readonly edited: readonly Message[];
  /** The ids of events. */
  readonly lines: readonly string[];
}
