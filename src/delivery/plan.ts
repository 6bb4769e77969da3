import { isDeepStrictEqual } from "node:util";
import type { Template } from "../rendering/renderer.ts";
import type { SinkPlugin } from "../sdk/index.ts";
import type { Rate } from "../ledger/rate.ts";
import type { RetryPolicy } from "./retry.ts";

/** A sink as the configuration in force describes it. */
export interface PlannedSink {
  readonly name: string;
  readonly plugin: SinkPlugin;
  /** Parsed by the plugin's schema. */
  readonly connection: unknown;
  /** Variables that are not set: when there are any, the sink runs dry. */
  readonly missing: readonly string[];
  readonly concurrency: number;
  readonly rate: Rate | null;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  /** `after` failures in a row hold the sink. */
  readonly breaker: { readonly after: number };
}

export interface PlannedTarget {
  readonly route: string;
  readonly template: Template;
}

/** What the worker needs of the configuration. */
export interface Plan {
  readonly sinks: ReadonlyMap<string, PlannedSink>;
  /** By target id. */
  readonly targets: ReadonlyMap<string, PlannedTarget>;
}

/** How the sinks of one plan differ from those of another, by name. */
export interface SinkChanges {
  readonly added: readonly string[];
  /** By their plugin, connection or limits. */
  readonly changed: readonly string[];
  readonly gone: readonly string[];
}

export function sinkChanges(before: Plan, after: Plan): SinkChanges {
  const names = [...after.sinks.keys()];
  const kept = names.filter((name) => before.sinks.has(name));
  return {
    added: names.filter((name) => !before.sinks.has(name)),
    changed: kept.filter((name) => !isDeepStrictEqual(before.sinks.get(name), after.sinks.get(name))),
    gone: [...before.sinks.keys()].filter((name) => !after.sinks.has(name)),
  };
}
