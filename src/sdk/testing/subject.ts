import type { SinkFailure, SinkPlugin } from "../index.ts";
import type { Received, StandIn } from "./stand-in.ts";

/** How a try ends: well, or by one of the four failures. */
export type Outcome = "delivered" | SinkFailure["outcome"];

/** What the suite needs to know of a sink. */
export interface SinkSubject {
  /** The default export of the plugin's file. */
  readonly plugin: SinkPlugin;
  /** What stands under `sinks.<name>` in the YAML. `url` is where the stand-in listens; empty without one. */
  connection(url: string): unknown;
  /** What a target renders to: accepted by the stand-in and written in one request, in which `mark` (`[a-z0-9]+`) appears. */
  message(mark: string): unknown;
  /** Every secret of the connection, as it would show in a text. `[]` where it has none. */
  readonly canaries: readonly string[];
  /**
   * The vendor's stand-in, fresh for each case: `() => startStandIn()`, or one with a handler where the sink reads what comes back. A sink
   * that does not speak HTTP has none, and keeps only the promises of every sink.
   */
  readonly start?: () => Promise<StandIn>;
  /** Which requests write; by default all but GET. A try makes one of them at most. */
  writes?(request: Received): boolean;
  /**
   * How a try ends on an HTTP status, where the vendor means something else by it than `httpFailure` says. `200: "delivered"` is for a vendor
   * whose status alone is proof; otherwise a 200 without the answer that the vendor promises must leave the outcome open.
   */
  readonly statuses?: Readonly<Partial<Record<number, Outcome>>>;
}
