import { TypeGuards, type Filter, type Value, type ValueToken, type PropertyAccessToken } from "liquidjs";

/** Stands in a path for each entry of a list that a loop or a filter goes through. */
export const EACH: unique symbol = Symbol("each entry");

export type Step = string | number | typeof EACH;

/** A field that a template reads. */
export interface Read {
  /** From a variable down, such as `["payload", "attendees", EACH, "email"]`. Ends before a step that only rendering shows. */
  readonly steps: readonly Step[];
  /** Whether the template provides for its absence: by `default`, by a condition on it or around it. */
  readonly isGuarded: boolean;
  /** How many of the steps stand elsewhere, where a name or a list was given its value. */
  readonly inherited: number;
  /** In the template's text, from 1. */
  readonly line: number;
  readonly column: number;
}

/** Where a value is from: a field, or a list made of what a field has in each entry. Null where the template made it. */
export type Origin = { readonly steps: readonly Step[]; readonly isGathered: boolean } | null;

type Filtered = Pick<Value, "initial"> & { readonly filters: readonly Pick<Filter, "name" | "args">[] };
type Token = Value["initial"]["postfix"][number];

/** Filters that give back entries of the list they are given. */
const LISTS = new Set(
  "where reject sort sort_natural reverse uniq compact slice concat push pop shift unshift default".split(" "),
);
const ENTRIES = new Set(["first", "last", "find"]);
/** Filters whose first argument names a field of the entries. */
const BY_FIELD = new Set("map where reject find find_index has sort sort_natural sum group_by uniq compact".split(" "));

/** Follows expressions to the fields they read, each of which `tell` is told. `names` are those that the template itself gave a value. */
export function createExpressions(names: ReadonlyMap<string, Origin>, tell: (read: Read) => void) {
  /** The origin of an expression's value. */
  function originOf(value: Value | ValueToken, isGuarded: boolean): Origin {
    if ("filters" in value) return filtered(value, isGuarded);
    return tokenOrigin(value, isGuarded);
  }

  function filtered({ initial, filters }: Filtered, isGuarded: boolean): Origin {
    const [first, ...others] = initial.postfix;
    const hasDefault = filters.some(({ name }) => name === "default");
    // With an operator, `==` or `or`, the value is a condition.
    const isCondition = others.length > 0;
    const origins = initial.postfix.map((token) => tokenOrigin(token, isGuarded || hasDefault || isCondition));
    const origin = first === undefined || isCondition ? null : (origins[0] ?? null);
    return filters.reduce<Origin>((from, filter) => through(from, filter, isGuarded), origin);
  }

  function tokenOrigin(token: Token, isGuarded: boolean): Origin {
    if (TypeGuards.isFilteredValueToken(token)) return filtered(token, isGuarded);
    if (TypeGuards.isPropertyAccessToken(token)) return accessed(token, isGuarded);
    if (TypeGuards.isRangeToken(token)) for (const end of [token.lhs, token.rhs]) originOf(end, isGuarded);
    return null;
  }

  function accessed(token: PropertyAccessToken, isGuarded: boolean): Origin {
    if (token.variable !== undefined) originOf(token.variable, isGuarded);
    const [root, ...rest] = token.variable === undefined ? token.props : [];
    const steps = rest.map((prop) => stepOf(prop, isGuarded));
    const end = steps.findIndex((step) => step === undefined);
    const known = end === -1 ? steps : steps.slice(0, end);
    const start = root === undefined ? null : rootOf(root, isGuarded);
    const origin = known.reduce<Origin>(within, start);
    const inherited = start?.steps.length ?? 0;
    const [line = 1, column = 1] = token.getPosition();
    if (origin !== null) tell({ steps: origin.steps, isGuarded, inherited, line, column });
    return end === -1 ? origin : null;
  }

  function rootOf(root: PropertyAccessToken["props"][number], isGuarded: boolean): Origin {
    const name = stepOf(root, isGuarded);
    if (typeof name !== "string") return null;
    const given = names.get(name);
    return given === undefined ? { steps: [name], isGathered: false } : given;
  }

  /** Undefined where only rendering shows which step it is. */
  function stepOf(prop: PropertyAccessToken["props"][number], isGuarded: boolean): string | number | undefined {
    if ("content" in prop && (typeof prop.content === "string" || typeof prop.content === "number"))
      return prop.content;
    tokenOrigin(prop, isGuarded);
    return undefined;
  }

  function through(origin: Origin, { name, args }: Filtered["filters"][number], isGuarded: boolean): Origin {
    const values = args.flatMap((arg) => (Array.isArray(arg) ? (arg[1] ?? []) : arg));
    for (const value of values) originOf(value, isGuarded);
    const field = BY_FIELD.has(name) ? values.find(TypeGuards.isQuotedToken) : undefined;
    if (origin === null || field === undefined || field !== values[0]) return withoutField(origin, name);
    const [line = 1, column = 1] = field.getPosition();
    const steps = [...(entryOf(origin)?.steps ?? []), ...field.content.split(".")];
    tell({ steps, isGuarded: true, inherited: origin.steps.length, line, column });
    return name === "map" ? { steps, isGathered: true } : withoutField(origin, name);
  }

  function withoutField(origin: Origin, name: string): Origin {
    if (LISTS.has(name)) return origin;
    return ENTRIES.has(name) ? entryOf(origin) : null;
  }

  return { originOf, entryOf };
}

/** The origin of an entry of a list. */
function entryOf(origin: Origin): Origin {
  if (origin === null) return null;
  return origin.isGathered
    ? { steps: origin.steps, isGathered: false }
    : { steps: [...origin.steps, EACH], isGathered: false };
}

function within(origin: Origin, step: string | number | undefined): Origin {
  if (origin === null || step === undefined) return null;
  if (!origin.isGathered) return { steps: [...origin.steps, step], isGathered: false };
  return typeof step === "number" || step === "first" || step === "last" ? entryOf(origin) : null;
}
