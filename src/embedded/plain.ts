import type { Webhook } from "../accept.ts";
import type { Json, Source } from "../event.ts";
import { compileFilter } from "../routing/filter.ts";
import type { Route } from "../routing/match.ts";

// What goes from one thread to another has no functions.

/** A webhook whose body is its bytes as characters: a string is copied whole, a small Buffer with the pool it stands in. */
export type PlainWebhook = Omit<Webhook, "body"> & { readonly body: string };

/** What accepting goes by. */
export interface Rules {
  readonly sources: readonly Source[];
  readonly routes: readonly Route[];
}

type PlainRoute = Omit<Route, "filter"> & { readonly query: Json | null };

export interface PlainRules {
  readonly sources: readonly Source[];
  readonly routes: readonly PlainRoute[];
}

export interface CompiledRules {
  readonly sources: ReadonlyMap<string, Source>;
  readonly routes: readonly Route[];
}

export function plainRules({ sources, routes }: Rules): PlainRules {
  return {
    sources,
    routes: routes.map(({ name, on, from, filter, final, targets }) => ({
      name,
      on,
      from,
      query: filter?.query ?? null,
      final,
      targets: targets.map(({ id, sink }) => ({ id, sink })),
    })),
  };
}

export function compileRules({ sources, routes }: PlainRules): CompiledRules {
  return {
    sources: new Map(sources.map((source) => [source.name, source])),
    routes: routes.map(({ query, ...route }) => ({
      ...route,
      filter: query === null ? null : compileFilter(query).filter,
    })),
  };
}
