import type { Json } from "../event.ts";
import { didYouMean } from "../sdk/suggest.ts";
import { wrongOperand } from "./operand.ts";
import { isOperator, OPERATORS, type Operator } from "./operations.ts";

/** What is wrong with a filter; `path` leads to the place in it. */
export interface FilterProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** One condition of a filter: all of them must hold. */
export interface Condition {
  /** `payload.type`; for a group of conditions its operator: `$or`, `$nor` or `$not`. */
  readonly path: string;
  readonly operator: Operator;
  readonly expected: Json;
  /** The fields it looks at. */
  readonly fields: readonly string[];
  /** The condition as sift takes it. */
  readonly query: Json;
}

/** Where in a filter the reader is, and what it may find there. */
interface Place {
  readonly path: (string | number)[];
  /** The first names a field may have; null where it may have any: inside `$elemMatch` fields are those of the element. */
  readonly roots: readonly string[] | null;
  readonly problems: FilterProblem[];
}

type Fields = { readonly [key: string]: Json };

/** Reads a filter into its conditions in the order written, `$and` taken apart, and finds every problem in it. */
export function readFilter(
  query: Json,
  roots: readonly string[] | null,
): { conditions: Condition[]; problems: FilterProblem[] } {
  const problems: FilterProblem[] = [];
  const conditions = readQuery(query, { path: [], roots, problems });
  return { conditions, problems };
}

function readQuery(query: Json, place: Place): Condition[] {
  if (!isObject(query)) {
    report(place, `expected conditions such as payload.type: 60min, got ${JSON.stringify(query)}`);
    return [];
  }
  return Object.entries(query).flatMap(([key, value]) =>
    key.startsWith("$") ? readGroup(key, value, inside(place, key)) : readField(key, value, inside(place, key)),
  );
}

function readGroup(key: string, value: Json, place: Place): Condition[] {
  if (!isOperator(key)) {
    report(place, unknownOperator(key));
    return [];
  }
  if (key === "$not") return [group(key, value, readQuery(value, place), { $nor: [value] })];
  if (key !== "$and" && key !== "$or" && key !== "$nor") {
    report(place, `${key} goes under a field, as in payload.type: { ${key}: … }`);
    return [];
  }
  if (!Array.isArray(value) || value.length === 0) {
    report(place, `${key} takes a list of filters, got ${JSON.stringify(value)}`);
    return [];
  }
  const conditions = value.flatMap((one, index) => readQuery(one, inside(place, index)));
  return key === "$and" ? conditions : [group(key, value, conditions, { [key]: value })];
}

function group(operator: Operator, expected: Json, inner: readonly Condition[], query: Json): Condition {
  return { path: operator, operator, expected, fields: [...new Set(inner.flatMap(({ fields }) => fields))], query };
}

function readField(field: string, value: Json, place: Place): Condition[] {
  checkField(field, place);
  return readOperators(isObject(value) ? value : { $eq: value }, place).map(({ operator, operand, query }) => ({
    path: field,
    operator,
    expected: operand,
    fields: [field],
    query: { [field]: query },
  }));
}

/** `{ $gte: 1, $lt: 5 }` as one query an operator; `$options` stay with their `$regex`. */
function readOperators(operators: Fields, place: Place): { operator: Operator; operand: Json; query: Json }[] {
  const entries = Object.entries(operators);
  if (!entries.some(([key]) => key.startsWith("$"))) {
    const [bare] = entries.map(([key]) => key).filter((key) => isOperator(`$${key}`));
    if (bare !== undefined) report(inside(place, bare), `operators begin with $; did you mean $${bare}?`);
    else report(place, "a field inside is written payload.type: 60min; a whole object is compared with { $eq: … }");
    return [];
  }
  return entries.flatMap(([key, operand]) => {
    if (!isOperator(key)) {
      report(inside(place, key), unknownOperator(key));
      return [];
    }
    checkOperand(key, operand, operators, inside(place, key));
    if (key === "$options") return [];
    const options = key === "$regex" && "$options" in operators ? { $options: operators["$options"] ?? null } : {};
    return [{ operator: key, operand, query: { [key]: operand, ...options } }];
  });
}

function checkOperand(operator: Operator, operand: Json, siblings: Fields, place: Place): void {
  const elementwise = operator === "$elemMatch";
  if (elementwise || operator === "$not") {
    if (!isObject(operand)) report(place, `${operator} takes conditions, got ${JSON.stringify(operand)}`);
    else if (elementwise && !isOperators(operand)) readQuery(operand, { ...place, roots: null });
    else readOperators(operand, place);
    return;
  }
  const wrong = wrongOperand(operator, operand, siblings);
  if (wrong !== undefined) report(place, wrong);
}

/** Conditions on the element itself, `{ $gt: 5 }`, rather than on fields of it. */
function isOperators(query: Fields): boolean {
  const [first = ""] = Object.keys(query);
  return first.startsWith("$") && !["$and", "$or", "$nor"].includes(first);
}

function checkField(field: string, place: Place): void {
  const steps = field.split(".");
  const [root = ""] = steps;
  // sift reads inherited properties too: `toString` and its like are no fields.
  if (steps.some((step) => step === "" || step in Object.prototype)) report(place, `"${field}" is no path to a field`);
  else if (place.roots !== null && !place.roots.includes(root))
    report(place, `unknown field "${field}"${suggestion(root, place.roots)}`);
}

function unknownOperator(name: string): string {
  return `unknown operator "${name}"${suggestion(name, OPERATORS)}`;
}

function suggestion(name: string, known: readonly string[]): string {
  return didYouMean(name, known) || `; known are ${known.join(" ")}`;
}

function inside(place: Place, key: string | number): Place {
  return { ...place, path: [...place.path, key] };
}

function report({ path, problems }: Place, message: string): void {
  problems.push({ path, message });
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
