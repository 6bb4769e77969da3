import { EACH, type Step } from "../rendering/renderer.ts";
import { isMapping } from "./mapping.ts";
import type { Path } from "./problem.ts";

/** A condition of a filter: a field, and what it is to be. */
export interface Condition {
  /** Of its key in the file. */
  readonly place: Path;
  readonly steps: readonly Step[];
  readonly value: unknown;
  /** An alternative to others, or a question whether the field is there. */
  readonly isGuarded: boolean;
}

/** Every condition in a filter, at any depth; those below `$elemMatch` are of the list's entries. */
export function conditionsIn(query: unknown, path: Path, above: readonly Step[] = [], isGuarded = false): Condition[] {
  if (Array.isArray(query)) return query.flatMap((one, index) => conditionsIn(one, [...path, index], above, isGuarded));
  if (!isMapping(query)) return [];
  return Object.entries(query).flatMap(([key, value]) => {
    const place = [...path, key];
    if (key.startsWith("$")) return conditionsIn(value, place, above, isGuarded || key !== "$and");
    const steps = [...above, ...stepsOf(key)];
    const own = { place, steps, value, isGuarded: isGuarded || (isMapping(value) && "$exists" in value) };
    return [own, ...ofEntries(value, place, steps)];
  });
}

function ofEntries(value: unknown, place: Path, steps: readonly Step[]): Condition[] {
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([operator, operand]) => {
    const at = [...place, operator];
    if (operator === "$not") return ofEntries(operand, at, steps);
    return operator === "$elemMatch" ? conditionsIn(operand, at, [...steps, EACH], true) : [];
  });
}

/** `payload.attendees.0.email`, as a filter writes it, step by step. */
export function stepsOf(field: string): (string | number)[] {
  return field.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
