import type { Document } from "./document.ts";
import { formatPath, pathKey, type Path, type Position, type Problem } from "./problem.ts";

/** Gathers every problem of one file, so that all are told at once. */
export interface Report {
  error(path: Path, message: string, position?: Position): void;
  /** A problem of the key that leads to the value, not of the value. */
  errorAtKey(path: Path, message: string): void;
  warnAtKey(path: Path, message: string): void;
  warn(path: Path, message: string, position?: Position): void;
  /** From now on no message shows this value; `label` stands in its place. */
  hide(value: string, label: string): void;
  readonly hasErrors: boolean;
  /** Where problems have been told so far. */
  readonly told: readonly Told[];
  /** Sorted by position. */
  problems(): readonly Problem[];
}

export interface Told {
  readonly severity: Problem["severity"];
  readonly path: Path;
}

// Values come back in messages of others (a template's, a plugin's). Shorter ones would garble every sentence they occur in by chance,
// and are kept out of our own messages by their path.
const MASKED_FROM = 6;

/** Starts with what is wrong with the YAML itself; of a value that could not be read nothing else is told. */
export function createReport(file: string, document: Document): Report {
  const found = document.faults.map(({ path, message, position }): Problem => {
    return { severity: "error", file, ...position, path: formatPath(path), message };
  });
  const unread = new Set(document.faults.map(({ path }) => pathKey(path)));
  const hidden = new Map<string, string>();
  const told: Told[] = document.faults.map(({ path }) => ({ severity: "error", path }));
  let hasErrors = found.length > 0;

  function add(severity: Problem["severity"], path: Path, message: string, position: Position): void {
    if (unread.has(pathKey(path))) return;
    if (severity === "error") hasErrors = true;
    told.push({ severity, path });
    found.push({ severity, file, ...position, path: formatPath(path), message });
  }

  function mask(message: string): string {
    const longestFirst = [...hidden].toSorted(([one], [other]) => other.length - one.length);
    return longestFirst.reduce((text, [value, label]) => text.replaceAll(value, () => label), message);
  }

  return {
    error: (path, message, position = document.positionOf(path)) => add("error", path, message, position),
    errorAtKey: (path, message) => add("error", path, message, document.keyPositionOf(path)),
    warnAtKey: (path, message) => add("warning", path, message, document.keyPositionOf(path)),
    warn: (path, message, position = document.positionOf(path)) => add("warning", path, message, position),
    hide(value, label) {
      if (value.length >= MASKED_FROM) hidden.set(value, label);
    },
    told,
    get hasErrors() {
      return hasErrors;
    },
    problems: () => found.map((problem) => ({ ...problem, message: mask(problem.message) })).toSorted(byPosition),
  };
}

function byPosition(one: Problem, other: Problem): number {
  return one.line - other.line || one.column - other.column;
}
