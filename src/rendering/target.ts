import { AssertionError, type Liquid } from "liquidjs";
import type { Json } from "../event.ts";
import { lookInto, type Read } from "./reads.ts";
import type { TemplatePath } from "./template-error.ts";
import { hasTemplate, parseText, renderText, type RenderRun, type TemplateProblem } from "./text-template.ts";

/** Where a `{{ }}` lands, for whoever decides how its text is escaped. */
export interface Place {
  readonly path: TemplatePath;
  /** The object or list of the target, as configured, that holds the string; null where the target is a string itself. */
  readonly parent: unknown;
  /** The whole string as configured. */
  readonly template: string;
}

/** Makes text from an event safe for its place. Called for each string that a `{{ }}` puts out, never for the author's own text. */
export type Escape = (text: string, place: Place) => string;

/** A field that a template of a target reads; line and column count inside the string at `path`. */
export interface FieldRead extends Read {
  readonly path: TemplatePath;
}

/** A target's tree with its templates parsed. */
export interface CompiledTarget {
  render(run: RenderRun): Json;
  readonly reads: readonly FieldRead[];
  readonly problems: TemplateProblem[];
}

/** Compiles every string among the values of a tree; keys and other scalars stay as they are. */
export function compileTarget(liquid: Liquid, tree: Json, escape: Escape): CompiledTarget {
  const reads: FieldRead[] = [];
  const problems: TemplateProblem[] = [];

  function compile(value: Json, path: (string | number)[], parent: unknown): CompiledTarget["render"] {
    if (typeof value === "string") return compileText(value, path, parent);
    if (typeof value !== "object" || value === null) return () => value;
    if (Array.isArray(value)) {
      const elements = value.map((element, index) => compile(element, [...path, index], value));
      return (run) => elements.map((render) => render(run));
    }
    const entries = Object.entries(value).map(([key, inner]) => [key, compile(inner, [...path, key], value)] as const);
    return (run) => Object.fromEntries(entries.map(([key, render]) => [key, render(run)]));
  }

  function compileText(template: string, path: (string | number)[], parent: unknown): CompiledTarget["render"] {
    if (!hasTemplate(template)) return () => template;
    const parsed = parseText(liquid, template);
    if (!Array.isArray(parsed)) {
      problems.push({ path, ...parsed });
      return () => null;
    }
    const insight = lookInto(parsed);
    reads.push(...insight.reads.map((read) => ({ ...read, path })));
    problems.push(...insight.faults.map((fault) => ({ ...fault, path })));
    const place: Place = { path, parent, template };
    return (run) => renderText(parsed, run, path, (text) => escaped(text, place));
  }

  /** What an escape throws is its advice on the template, and is shown as Liquid's own assertions are. */
  function escaped(text: string, place: Place): string {
    try {
      return escape(text, place);
    } catch (error) {
      throw new AssertionError(error instanceof Error ? error.message : "it may not stand here");
    }
  }

  return { render: compile(tree, [], null), reads, problems };
}
