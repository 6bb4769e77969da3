import type { Json } from "../event.ts";
import { isMapping, valueAt } from "./mapping.ts";
import { type Path, pathKey } from "./problem.ts";
import type { Report } from "./report.ts";
import { SINK_KEYS } from "./schema.ts";
import { fillText, hasVariable, type Surroundings } from "./variables.ts";

/** How variables made a text. */
export interface Origin {
  readonly names: readonly string[];
  /** The text is one variable and nothing else: it may stand for a number or a boolean. */
  readonly isWhole: boolean;
  /** One of them is not set or badly written, and still stands in the text as it was. */
  readonly isMissing: boolean;
}

export interface Filled {
  readonly value: Json;
  /** Of the texts that had variables, by `pathKey`. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Variables that are not set, by the optional sink they belong to. */
  readonly missing: ReadonlyMap<string, ReadonlySet<string>>;
}

const SHELL_VARIABLE = /^\$[A-Z_][A-Z0-9_]*$/;

/** Fills the variables into every text below `root`, a copy of which is returned. Reports those that are not set or badly written. */
export function fillTree(root: Json, surroundings: Surroundings, report: Report): Filled {
  const origins = new Map<string, Origin>();
  const missing = new Map<string, Set<string>>();

  function visit(value: Json, path: Path): Json {
    if (typeof value === "string") {
      if (SHELL_VARIABLE.test(value)) report.warn(path, "this is text as it stands; a variable is written ${NAME}");
      return hasVariable(value) ? fill(value, path) : value;
    }
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]));
    if (!isMapping(value)) return value;
    const entries = Object.entries(value);
    for (const [key] of entries)
      if (hasVariable(key)) report.errorAtKey([...path, key], "variables are filled into values only, not into keys");
    return Object.fromEntries(entries.map(([key, item]) => [key, visit(item, [...path, key])]));
  }

  function fill(source: string, path: Path): string {
    const filled = fillText(source, surroundings);
    for (const [name, value] of filled.values) report.hide(value, `\${${name}}`);
    for (const fault of filled.faults) report.error(path, fault);
    if (filled.missing.length > 0) lack(filled.missing, path);
    const isMissing = filled.missing.length > 0 || filled.faults.length > 0;
    if (filled.names.length > 0 || isMissing)
      origins.set(pathKey(path), { names: filled.names, isWhole: filled.isWhole, isMissing });
    return filled.text;
  }

  function lack(names: readonly string[], path: Path): void {
    const sink = optionalSinkOf(root, path, surroundings);
    if (sink === null) for (const name of names) report.error(path, unset(name));
    else missing.set(sink, new Set([...(missing.get(sink) ?? []), ...names]));
  }

  return { value: visit(root, []), origins, missing };
}

function unset(name: string): string {
  return name.startsWith("file:")
    ? `the file ${name.slice("file:".length)} is missing, empty or not readable`
    : `the variable ${name} is not set, or empty; set it, or give a default: \${${name}:-default}`;
}

/** The optional sink that runs dry without the variable at this path: one of its connection, or of a target of it. */
function optionalSinkOf(root: Json, path: Path, surroundings: Surroundings): string | null {
  const name = sinkOf(root, path);
  if (name === null) return null;
  const optional = valueAt(root, ["sinks", name, "optional"]);
  const isOptional =
    typeof optional === "string" ? fillText(optional, surroundings).text === "true" : optional === true;
  return isOptional ? name : null;
}

function sinkOf(root: Json, path: Path): string | null {
  const [section, first, key, second, field] = path;
  if (section === "sinks" && typeof first === "string" && typeof key === "string")
    return SINK_KEYS.includes(key) ? null : first;
  if (section !== "routes" || key !== "to" || second === undefined || field === "sink") return null;
  const sink = valueAt(root, [...path.slice(0, 4), "sink"]);
  return typeof sink === "string" ? sink : null;
}
