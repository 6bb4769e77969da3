import type { Json } from "../event.ts";
import type { Template } from "../rendering/renderer.ts";
import type { Route } from "../routing/match.ts";
import type { SinkPlugin } from "../sdk/index.ts";

/** relay.config.yaml, read, filled in and valid. */
export interface Config {
  readonly server: {
    readonly host: string;
    readonly port: number;
    /** Bytes. */
    readonly bodyLimit: number;
    readonly shutdownGraceMs: number;
  };
  /** See `readAddress`. */
  readonly storage: string;
  readonly retentionMs: number;
  readonly defaults: {
    /** IANA name. */
    readonly timeZone: string;
    /** BCP 47. */
    readonly locale: string;
    readonly retry: RetryPolicy;
  };
  readonly sources: readonly SourceConfig[];
  readonly sinks: readonly SinkConfig[];
  readonly routes: readonly ConfiguredRoute[];
  /** Every secret value met, for masking: sources' secrets, plugins' secrets. */
  readonly secrets: readonly string[];
}

export interface SourceConfig {
  readonly name: string;
  /** Empty: one is to be generated and kept. */
  readonly secrets: readonly string[];
  readonly signature: "required" | "off";
  /** How long the same event counts as a duplicate. */
  readonly dedupeMs: number;
}

/** `firstMs` × 2ⁿ up to `maxMs`, until `forMs` has passed since the first attempt. */
export interface RetryPolicy {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly forMs: number;
}

export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

export interface SinkConfig {
  readonly name: string;
  readonly plugin: SinkPlugin;
  /** What the plugin's schema made of it; null when the sink runs dry. */
  readonly connection: unknown;
  /** Variables of this optional sink and its targets that are not set, such as `SLACK_BOT_TOKEN` or `file:/run/secrets/x`. Not empty: it runs dry. */
  readonly missing: readonly string[];
  readonly concurrency: number;
  readonly rate: Rate | null;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  /** `after` failures in a row hold the sink. */
  readonly breaker: { readonly after: number };
}

export interface ConfiguredRoute extends Route {
  readonly targets: readonly Target[];
}

export interface Target {
  /** `<route>/<sink>`, then `<route>/<sink>/2` for the next target of that sink, so that another sink's target changes no id. */
  readonly id: string;
  readonly sink: string;
  readonly template: Template;
  /** As written, with variables filled in. */
  readonly tree: Json;
}
