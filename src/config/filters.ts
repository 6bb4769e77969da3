import type { Json } from "../event.ts";
import { hasTemplate } from "../rendering/renderer.ts";
import { compileFilter, type Filter } from "../routing/filter.ts";
import { conditionsIn, type Condition } from "./conditions.ts";
import { fieldAt, findingOf } from "./fields.ts";
import { textsIn } from "./mapping.ts";
import { operandFindings } from "./operands.ts";
import { type Path, pathKey } from "./problem.ts";
import type { Reading } from "./reading.ts";
import type { RouteEvents } from "./route-events.ts";

/** Reads a route's `filter`; null where there is none, or after a report. */
export function readFilter(
  { reader, report }: Reading,
  path: Path,
  value: Json | undefined,
  events: RouteEvents,
): Filter | null {
  if (value === undefined) return null;
  for (const { path: place, text } of textsIn(value, path))
    if (hasTemplate(text)) report.warn(place, "a filter has no templates: this is compared as it stands");
  const { filter, problems } = compileFilter(value);
  for (const problem of problems) reader.error([...path, ...problem.path], problem.message);
  const told = new Set(problems.map((problem) => pathKey([...path, ...problem.path])));
  for (const condition of conditionsIn(value, path))
    if (!told.has(pathKey(condition.place))) checkCondition({ reader, report }, condition, events, told);
  return filter;
}

function checkCondition(
  { reader, report }: Pick<Reading, "reader" | "report">,
  { place, steps, value, isGuarded }: Condition,
  events: RouteEvents,
  told: ReadonlySet<string>,
): void {
  if (isExpression(String(place.at(-1))))
    return report.errorAtKey(place, "expected a condition such as payload.type: 60min");
  const finding = findingOf(steps, events, { language: "filter", isGuarded, inherited: 1 });
  if (finding?.severity === "error") return report.errorAtKey(place, finding.message);
  if (finding !== null) report.warnAtKey(place, finding.message);
  for (const { severity, path, message } of operandFindings(fieldAt(steps, events), value, place, steps)) {
    if (told.has(pathKey(path))) continue;
    if (severity === "error") reader.error(path, message);
    else report.warn(path, message);
  }
}

/** `{ payload.type = 60min }` is a key without a value to YAML, and what is missing equals null: it would match everything. */
function isExpression(field: string): boolean {
  return /[=<>]/.test(field);
}
