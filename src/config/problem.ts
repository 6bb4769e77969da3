/** From the root of the configuration: `["routes", 2, "to", 0, "channel"]`. */
export type Path = readonly (string | number)[];

/** 1-based, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Something to mend in the configuration. With an "error" there is no configuration; a "warning" stands beside one. */
export interface Problem extends Position {
  readonly severity: "error" | "warning";
  readonly file: string;
  /** As people write it: `routes[2].to[0].channel`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** One line: `relay.config.yaml:31:18  routes[2].to[0].channel  expected "#name", "@user" or an id, got ""`. */
export function formatProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const message = problem.severity === "warning" ? `warning: ${problem.message}` : problem.message;
  return [place, problem.path, message].filter((part) => part !== "").join("  ");
}

export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** Whether a path leads to `start` or to something inside it. */
export function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((step, index) => step === path[index]);
}

/** A path as the key of a map. */
export function pathKey(path: Path): string {
  return JSON.stringify(path);
}
