import type { z } from "zod";
import type { Filled, Origin } from "./fill.ts";
import { isMapping, valueAt } from "./mapping.ts";
import { type Path, pathKey, type Position } from "./problem.ts";
import type { Report } from "./report.ts";
import { descriptionAt, keysAt } from "./shape.ts";
import { didYouMean } from "./suggest.ts";
import { expectation, expectedTypes, flatten, got, type Issue } from "./wording.ts";

/** Holds parts of the file against zod schemas and reports what does not fit, in people's words and never with a secret. */
export interface Reader {
  /**
   * What the schema makes of the value at `path`, or null after a report. Texts that are one variable become the number or boolean that
   * the schema wants, in the value itself.
   */
  read<T>(schema: z.ZodType<T>, path: Path, value: unknown): T | null;
  /** The same for a value that is not complete yet: leaves out what the schema says of paths that `isOpen` accepts. */
  check(schema: z.ZodType, path: Path, value: unknown, isOpen: (path: Path) => boolean): void;
  /** From now on no message shows what stands at the path or below. */
  hide(path: Path): void;
  /**
   * Reports what others found, whose message may quote the text at the path. Where variables made that text, only their names are told.
   */
  error(path: Path, message: string, position?: Position): void;
  /** True where variables made the text at the path. */
  isFilled(path: Path): boolean;
  /** True where one of them is not set or badly written. */
  isMissing(path: Path): boolean;
}

export function createReader(report: Report, { origins }: Pick<Filled, "origins">): Reader {
  const hidden = new Set<string>();

  function read<T>(schema: z.ZodType<T>, path: Path, value: unknown, isOpen: (path: Path) => boolean): T | null {
    for (;;) {
      const result = parse(schema, path, value);
      if (result === null) return null;
      if (result.success) return result.data;
      const issues = result.error.issues.flatMap(flatten);
      if (issues.some((issue) => coerce(issue, path, value))) continue;
      for (const issue of issues) tell(schema, issue, path, value, isOpen);
      return null;
    }
  }

  function parse<T>(schema: z.ZodType<T>, path: Path, value: unknown): z.ZodSafeParseResult<T> | null {
    try {
      // Messages that the schema's author wrote go before this one; an empty message is therefore ours to word.
      return schema.safeParse(value, { error: () => "" });
    } catch {
      report.error(path, "the schema of this part failed on what is written here");
      return null;
    }
  }

  function tell(schema: z.ZodType, issue: Issue, base: Path, root: unknown, isOpen: (path: Path) => boolean): void {
    const inner = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    const path = [...base, ...inner];
    if (issue.code === "unrecognized_keys") {
      const known = keysAt(schema, inner);
      for (const key of issue.keys)
        report.errorAtKey([...path, key], `unknown key ${JSON.stringify(key)}${didYouMean(key, known)}`);
      return;
    }
    // What a variable lacks has been told already.
    if (isOpen(path) || isMissing(path)) return;
    const value = valueAt(root, inner);
    if (value === undefined && isAbsence(issue)) report.errorAtKey(path, required(schema, issue, inner));
    else report.error(path, `${expectation(issue)}${gotAt(path, issue, value)}`);
  }

  function gotAt(path: Path, issue: Issue, value: unknown): string {
    if (value === undefined) return "";
    const origin = origins.get(pathKey(path));
    if (origin !== undefined) return `, got ${whatGives(origin)}`;
    if (isHidden(path) && typeof value !== "object") return ", got something else (not shown, it may be secret)";
    return got(issue, value);
  }

  function isMissing(path: Path): boolean {
    return origins.get(pathKey(path))?.isMissing === true;
  }

  function isHidden(path: Path): boolean {
    return path.some((_, index) => hidden.has(pathKey(path.slice(0, index + 1))));
  }

  /** Turns a text that is one variable into what the issue asks for. */
  function coerce(issue: Issue, base: Path, root: unknown): boolean {
    const inner = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    const last = inner.at(-1);
    const parent = valueAt(root, inner.slice(0, -1));
    const text = valueAt(root, inner);
    if (typeof text !== "string" || last === undefined) return false;
    if (origins.get(pathKey([...base, ...inner]))?.isWhole !== true) return false;
    const value = typed(text, expectedTypes(issue));
    if (value === undefined) return false;
    if (Array.isArray(parent) && typeof last === "number") parent[last] = value;
    else if (isMapping(parent)) parent[last] = value;
    return true;
  }

  return {
    read: (schema, path, value) => read(schema, path, value, () => false),
    check: (schema, path, value, isOpen) => void read(schema, path, value, isOpen),
    error(path, message, position) {
      const origin = origins.get(pathKey(path));
      if (origin === undefined) report.error(path, message, position);
      else if (!origin.isMissing) report.error(path, `${whatGives(origin)} cannot be used here`);
    },
    hide: (path) => void hidden.add(pathKey(path)),
    isFilled: (path) => origins.has(pathKey(path)),
    isMissing,
  };
}

function whatGives({ names }: Origin): string {
  return `what ${names.map((name) => `\${${name}}`).join(" and ")} gives`;
}

function isAbsence({ code }: Issue): boolean {
  return code === "invalid_type" || code === "invalid_value" || code === "invalid_union";
}

function required(schema: z.ZodType, issue: Issue, path: Path): string {
  const description = descriptionAt(schema, path);
  if (issue.message !== "") return `required, but missing; ${issue.message}`;
  return description === undefined ? "required, but missing" : `required, but missing: ${description}`;
}

function typed(text: string, types: readonly string[]): number | boolean | undefined {
  const wantsNumber = types.includes("number") || types.includes("int");
  if (wantsNumber && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (types.includes("boolean") && (text === "true" || text === "false")) return text === "true";
  return undefined;
}
