import type { Event, Json } from "../event.ts";
import { testerOf, type Operator } from "./operations.ts";
import { readFilter, type Condition, type FilterProblem } from "./query.ts";

export { hasOperator } from "./operand.ts";
export type { FilterProblem } from "./query.ts";

/** What a filter looks at. */
export type FilterSubject = Pick<Event, "trigger" | "createdAt" | "payload" | "booking" | "answers"> & {
  readonly event: Pick<Event, "id" | "source" | "receivedAt">;
};

/** That a filter matched, or the first condition in the order written that did not hold. */
export type FilterResult =
  | { readonly matched: true }
  | {
      readonly matched: false;
      /** `payload.type`, or `$or`, `$nor`, `$not` where a group of conditions failed. */
      readonly path: string;
      readonly operator: Operator;
      readonly expected: Json;
      /** The value at the path: null where there is none, all of them through a list. For a group, its fields with their values. */
      readonly seen: Json;
    };

export interface Filter<Subject = FilterSubject> {
  /** What it was compiled from. */
  readonly query: Json;
  test(subject: Subject): FilterResult;
}

/**
 * Compiles a MongoDB-style query. A path through a list matches if any element does; a missing field is no match, never an error, except that
 * it equals null, and that `$ne`, `$nin`, `$nor`, `$not` and `$exists: false` hold for it. Times (ISO 8601 with an offset; a date alone is
 * its midnight in UTC) compare as instants. The filter is null where there are problems.
 */
export function compileFilter(query: Json): { filter: Filter | null; problems: FilterProblem[] } {
  return compileQuery(query, ROOTS);
}

/** The same for anything else than events: of a subject with these fields, or with whatever fields where that is null. */
export function compileQuery(
  query: Json,
  fields: readonly string[] | null,
): { filter: Filter<unknown> | null; problems: FilterProblem[] } {
  const { conditions, problems } = readFilter(query, fields);
  if (problems.length > 0) return { filter: null, problems };
  const tests = conditions.map((condition) => ({ condition, holds: testerOf(condition.query) }));
  const filter: Filter<unknown> = {
    query,
    test(subject) {
      for (const { condition, holds } of tests) {
        const result = check(condition, holds, subject);
        if (!result.matched) return result;
      }
      return MATCHED;
    },
  };
  return { filter, problems };
}

const ROOTS: readonly (keyof FilterSubject)[] = ["trigger", "createdAt", "payload", "booking", "answers", "event"];

const MATCHED: FilterResult = { matched: true };

function check(condition: Condition, holds: (subject: unknown) => boolean, subject: unknown): FilterResult {
  const { path, operator, expected } = condition;
  try {
    if (holds(subject)) return MATCHED;
    return { matched: false, path, operator, expected, seen: seenBy(condition, subject) };
  } catch {
    // Only a payload nested deeper than the stack gets here: what cannot be looked at is no match.
    return { matched: false, path, operator, expected, seen: null };
  }
}

function seenBy({ path, fields }: Condition, subject: unknown): Json {
  const values = fields.map((field) => [field, valueAt(subject, field.split(".")) ?? null] as const);
  const [first] = values;
  return first?.[0] === path ? first[1] : Object.fromEntries(values);
}

/** What sift finds at a path; through a list, what it finds in each of its elements. */
function valueAt(value: unknown, steps: readonly string[]): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return value as Json;
  if (Array.isArray(value) && Number.isNaN(Number(step))) {
    const found = value.map((element) => valueAt(element, steps)).filter((one) => one !== undefined);
    return found.length === 0 ? undefined : found;
  }
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
  return valueAt((value as Record<string, unknown>)[step], rest);
}
