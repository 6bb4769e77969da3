import { isMapping } from "./mapping.ts";
import type { Path } from "./problem.ts";

/** Every text in a value, with its path. */
export function textsIn(value: unknown, path: Path = []): { readonly path: Path; readonly text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]));
}

/**
 * For values of which some texts are not known yet (a template, a variable that is not set): accepts the paths at, above and below such
 * a text, where a schema cannot judge.
 */
export function around(paths: readonly Path[]): (path: Path) => boolean {
  return (path) => paths.some((open) => startsWith(open, path) || startsWith(path, open));
}

function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((step, index) => step === path[index]);
}
