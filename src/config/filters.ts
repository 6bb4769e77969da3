import type { Json } from "../event.ts";
import { hasTemplate } from "../rendering/renderer.ts";
import { compileFilter, type Filter } from "../routing/filter.ts";
import { unknownPath } from "./fields.ts";
import { isMapping, textsIn } from "./mapping.ts";
import type { Path } from "./problem.ts";
import type { Reading } from "./reading.ts";

/** Reads a route's `filter`; null where there is none, or after a report. */
export function readFilter({ reader, report }: Reading, path: Path, value: Json | undefined): Filter | null {
  if (value === undefined) return null;
  for (const { path: place, text } of textsIn(value, path))
    if (hasTemplate(text)) report.warn(place, "a filter has no templates: this is compared as it stands");
  const { filter, problems } = compileFilter(value);
  for (const problem of problems) reader.error([...path, ...problem.path], problem.message);
  for (const { place, field } of fieldsIn(value, path)) {
    const message = isExpression(field) ? "expected a condition such as payload.type: 60min" : unknownPath(field);
    if (message !== null) report.errorAtKey(place, message);
  }
  return filter;
}

/** `{ payload.type = 60min }` is a key without a value to YAML, and what is missing equals null: it would match everything. */
function isExpression(field: string): boolean {
  return /[=<>]/.test(field);
}

/** The paths that a filter looks at; those below `$elemMatch` belong to the list's entries. */
function fieldsIn(query: unknown, path: Path): { readonly place: Path; readonly field: string }[] {
  if (Array.isArray(query)) return query.flatMap((one, index) => fieldsIn(one, [...path, index]));
  if (!isMapping(query)) return [];
  return Object.entries(query).flatMap(([key, value]) => {
    const place = [...path, key];
    return key.startsWith("$") ? fieldsIn(value, place) : { place, field: key };
  });
}
