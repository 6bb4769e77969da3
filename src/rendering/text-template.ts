import { AssertionError, LiquidError, Output, toValueSync } from "liquidjs";
import type { Context, Liquid, Template as Node } from "liquidjs";
import type { Json } from "../event.ts";
import { didYouMean } from "../sdk/suggest.ts";
import { BudgetedText, jsonOf, setOutput, type EscapeText, type OutputBudget } from "./output.ts";
import { TemplateError, type TemplatePath } from "./template-error.ts";

/** What is wrong with a template. `path` leads to its string in the target; line and column count from 1 inside the string. */
export interface TemplateProblem {
  readonly path: (string | number)[];
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

/** What the strings of one target share while it renders. */
export interface RenderRun {
  readonly liquid: Liquid;
  readonly variables: object;
  /** Holds the limits of time and memory; each string renders in a context spawned from it. */
  readonly limits: Context;
  readonly budget: OutputBudget;
}

/** Whether a text holds anything for Liquid to do. */
export function hasTemplate(text: string): boolean {
  return text.includes("{{") || text.includes("{%");
}

const UNREADABLE = "this cannot be read; is a }} or %} missing before it, or is == meant where = stands?";

/** Reads one string; what is wrong with it comes back as a problem without a path. */
export function parseText(liquid: Liquid, text: string): Node[] | Omit<TemplateProblem, "path"> {
  try {
    return liquid.parse(text);
  } catch (error) {
    if (!LiquidError.is(error)) return { message: error instanceof Error ? error.message : "cannot be read" };
    const [line = 1, column = 1] = error.token.getPosition();
    // LiquidJS appends the position, which is told apart here.
    const message = error.message
      .replace(/(, line:\d+, col:\d+)+$/, "")
      .replace(/^expected "\|" before filter$/, UNREADABLE);
    return unknownName(liquid, text, error.token.begin, message) ?? { message, line, column };
  }
}

/** Renders one string. One `{{ }}` alone keeps its type, anything else is text. Throws `TemplateError`. */
export function renderText(nodes: Node[], run: RenderRun, path: TemplatePath, escape: EscapeText): Json {
  // A copy: `increment` and `decrement` write to it.
  const context = run.limits.spawn({ ...run.variables });
  setOutput(context, { escape, budget: run.budget });
  try {
    const alone = onlyOutput(nodes);
    const text = new BudgetedText(run.budget);
    if (alone === undefined) {
      toValueSync(run.liquid.renderer.renderTemplates(nodes, context, text));
      return text.buffer;
    }
    const value = jsonOf(toValueSync(alone.value.value(context, false)), (one) => one);
    text.write(value);
    return value;
  } catch (error) {
    throw failureAt(path, error);
  }
}

/** The one `{{ }}` of a string that has nothing else in it. */
function onlyOutput(nodes: Node[]): Output | undefined {
  const [only, ...others] = nodes.filter((node) => node.token.getText().trim() !== "");
  return others.length === 0 && only instanceof Output ? only : undefined;
}

/** A filter or tag that does not exist, pointed at by its own name and with the one that was probably meant. */
function unknownName(liquid: Liquid, text: string, from: number, message: string) {
  const [, filter, tag] = /^undefined filter: (.+)$|^tag "(.+)" not found$/.exec(message) ?? [];
  const name = filter ?? tag;
  if (name === undefined) return undefined;
  const hint = didYouMean(name, Object.keys(filter === undefined ? liquid.tags : liquid.filters));
  const at = positionOf(name, filter === undefined ? "%" : "|", text, from);
  const lines = text.slice(0, at).split("\n");
  return {
    message: `unknown ${filter === undefined ? "tag" : "filter"} "${name}"${hint}`,
    line: lines.length,
    column: (lines.at(-1)?.length ?? 0) + 1,
  };
}

/** Where a name stands after its sign (`|` or `%`); where the tag or output begins if it cannot be told. */
function positionOf(name: string, sign: string, text: string, from: number): number {
  const found = [...text.slice(from).matchAll(/([|%])-?\s*([\w-]+)/g)].find(
    (one) => one[1] === sign && one[2] === name,
  );
  return found === undefined ? from : from + found.index + found[0].length - name.length;
}

/** Only Liquid's own assertions are quoted: they speak of the template and its limits, other errors may quote the payload. */
function failureAt(path: TemplatePath, error: unknown): TemplateError {
  const isPlaced = LiquidError.is(error);
  const origin = isPlaced ? error.originalError : error;
  const reason = origin instanceof AssertionError ? origin.message : "it could not work with what it was given";
  if (!isPlaced) return new TemplateError(path, reason, null);
  const [line = 1, column = 1] = error.token.getPosition();
  return new TemplateError(path, reason, { line, column });
}
