import { TemplateError } from "../rendering/renderer.ts";
import type { SinkPlugin } from "../sdk/index.ts";
import { valueAt } from "./mapping.ts";
import { formatPath, type Path, startsWith } from "./problem.ts";
import { expectation, expectedTypes, flatten, got, isAbsence, pathOf, typed, type Issue } from "./wording.ts";

/** Why a target makes no message. */
export interface Misfit {
  /** In the target; of what a template makes, that of its text. */
  readonly path: Path;
  readonly message: string;
  /** `, got …`: what the template made of the event. */
  readonly seen: string;
  /** In the text, where a template failed. */
  readonly spot: TemplateError["spot"];
}

/** Renders a target and holds the message against the plugin's schema. `texts` are the paths of its templates. */
export function misfitsOf(plugin: SinkPlugin, render: () => unknown, texts: readonly Path[]): Misfit[] {
  try {
    const message = render();
    // As Reader has it: an empty message of an issue is ours to word.
    const result = plugin.message.safeParse(message, { error: () => "" });
    return (result.error?.issues ?? []).flatMap(flatten).flatMap((issue) => misfitOf(issue, message, texts));
  } catch (error) {
    if (error instanceof TemplateError)
      return [{ path: error.path, message: `the template fails: ${error.reason}`, seen: "", spot: error.spot }];
    return [{ path: [], message: "the sink's schema failed on the message", seen: "", spot: null }];
  }
}

function misfitOf(issue: Issue, message: unknown, texts: readonly Path[]): Misfit[] {
  const path = pathOf(issue);
  const text = texts.find((one) => startsWith(path, one));
  const [place, inner] = text === undefined ? [path, []] : [text, path.slice(text.length)];
  const where = inner.length === 0 ? "" : `${formatPath(inner)}: `;
  const found = (words: string, seen: string): Misfit => ({ path: place, message: where + words, seen, spot: null });
  if (issue.code !== "unrecognized_keys") {
    const value = valueAt(message, path);
    if (value === undefined && isAbsence(issue)) return [found(`${expectation(issue)}, but it is missing`, "")];
    return [found(expectation(issue), value === undefined ? "" : got(issue, value, hintOn(issue, value)))];
  }
  // Keys that are written out have been checked as they stand.
  return text === undefined
    ? []
    : [found(`unknown key ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`, "")];
}

/** Text where a number or a boolean is wanted, or one of these where text is. */
function hintOn(issue: Issue, value: unknown): string {
  const isPlain = typeof value === "number" || typeof value === "boolean";
  if (isPlain && expectedTypes(issue).includes("string"))
    return '; one {{ … }} alone keeps its type: make it text with | append: ""';
  const isNearly = typeof value === "string" && typed(value.trim(), expectedTypes(issue)) !== undefined;
  return isNearly ? "; one {{ … }} alone keeps its type, anything else makes text" : "";
}
