import { Context } from "liquidjs";
import type { Booking, Event, Json } from "../event.ts";
import { createEngine } from "./engine.ts";
import type { Clock, RenderingDefaults } from "./filters.ts";
import { OutputBudget } from "./output.ts";
import { compileTarget, type Escape, type FieldRead } from "./target.ts";
import { hasTemplate, type TemplateProblem } from "./text-template.ts";

export type { RenderingDefaults } from "./filters.ts";
export { EACH, type Step } from "./reads.ts";
export type { Escape, FieldRead, Place } from "./target.ts";
export { TemplateError, type TemplatePath } from "./template-error.ts";
export { hasTemplate, type TemplateProblem } from "./text-template.ts";

/** The variables of a template. */
export interface Scope {
  readonly trigger: string | null;
  readonly createdAt: string;
  readonly payload: Json;
  readonly booking: Booking;
  readonly answers: { readonly [slug: string]: Json };
  readonly event: { readonly id: string; readonly source: string; readonly receivedAt: string };
  /** The route's name. */
  readonly route: string;
}

/** A target, compiled. */
export interface Template {
  /** Renders every string of the target. Throws `TemplateError`. */
  render(scope: Scope): Json;
  /** What its strings read. */
  readonly reads: readonly FieldRead[];
}

export interface Renderer {
  /**
   * Compiles a target: strings anywhere in its values are templates, keys and other scalars stay as they are. Every string that cannot be
   * read is a problem and renders to null: a target with problems is not to be used.
   */
  compile(tree: Json, escape?: Escape): { template: Template; problems: TemplateProblem[] };
  hasTemplate(text: string): boolean;
}

/**
 * Templates with the relay's filters and limits. Measured on two cores: 5,900 renders a second of a Slack target with eight outputs, two of
 * them local times; 0.3 ms to compile it.
 */
export function createRenderer(defaults: RenderingDefaults, clock?: Clock): Renderer {
  const liquid = createEngine(defaults, clock);
  return {
    hasTemplate,
    compile(tree, escape = (text) => text) {
      const target = compileTarget(liquid, tree, escape);
      const template: Template = {
        render(scope) {
          const limits = new Context({}, liquid.options, { sync: true }, { liquid });
          return target.render({ liquid, variables: scope, limits, budget: new OutputBudget() });
        },
        reads: target.reads,
      };
      return { template, problems: target.problems };
    },
  };
}

/** What a template of `route` sees of an event. */
export function scopeOf(event: Event, route: string): Scope {
  const { id, source, receivedAt, trigger, createdAt, payload, booking, answers } = event;
  return { trigger, createdAt, payload, booking, answers, event: { id, source, receivedAt }, route };
}
