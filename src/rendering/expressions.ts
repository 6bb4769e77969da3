import { isTimeZone } from "./time-zone.ts";
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
  /** The plain values that it is compared with, by `==`, `!=` or `when`. */
  readonly compared: readonly Plain[];
  /** How many of the steps stand elsewhere, where a name or a list was given its value. */
  readonly inherited: number;
  /** In the template's text, from 1. */
  readonly line: number;
  readonly column: number;
}

/** A value that a template writes out. */
export type Plain = string | number | boolean;

/** What is wrong with a template although it can be read. */
export interface Fault {
  readonly message: string;
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

/** Who is told what is found on the way. */
export interface Finder {
  readonly read: (read: Read) => void;
  readonly fault: (fault: Fault) => void;
}

/** Follows expressions to the fields they read. `names` are those that the template itself gave a value. */
export function createExpressions(names: ReadonlyMap<string, Origin>, tell: Finder) {
  /** The origin of an expression's value, which the template compares with these. */
  function originOf(value: Value | ValueToken, isGuarded: boolean, compared: readonly Plain[] = []): Origin {
    if ("filters" in value) return filtered(value, isGuarded, compared);
    return tokenOrigin(value, isGuarded, compared);
  }

  function filtered({ initial, filters }: Filtered, isGuarded: boolean, compared: readonly Plain[] = []): Origin {
    const [first, ...others] = initial.postfix;
    const hasDefault = filters.some(({ name }) => name === "default");
    // With an operator, `==` or `or`, the value is a condition.
    const isCondition = others.length > 0;
    const pairs = comparisonsIn(initial.postfix);
    const origins = initial.postfix.map((token) =>
      tokenOrigin(
        token,
        isGuarded || hasDefault || isCondition,
        pairs.get(token) ?? (filters.length > 0 ? [] : compared),
      ),
    );
    const origin = first === undefined || isCondition ? null : (origins[0] ?? null);
    return filters.reduce<Origin>((from, filter) => through(from, filter, isGuarded), origin);
  }

  function tokenOrigin(token: Token, isGuarded: boolean, compared: readonly Plain[] = []): Origin {
    if (TypeGuards.isFilteredValueToken(token)) return filtered(token, isGuarded, compared);
    if (TypeGuards.isPropertyAccessToken(token)) return accessed(token, isGuarded, compared);
    if (TypeGuards.isRangeToken(token)) for (const end of [token.lhs, token.rhs]) originOf(end, isGuarded);
    return null;
  }

  function accessed(token: PropertyAccessToken, isGuarded: boolean, compared: readonly Plain[]): Origin {
    if (token.variable !== undefined) originOf(token.variable, isGuarded);
    const [root, ...rest] = token.variable === undefined ? token.props : [];
    const steps = rest.map((prop) => stepOf(prop, isGuarded));
    const end = steps.findIndex((step) => step === undefined);
    const known = end === -1 ? steps : steps.slice(0, end);
    const start = root === undefined ? null : rootOf(root, isGuarded);
    const origin = known.reduce<Origin>(within, start);
    const inherited = start?.steps.length ?? 0;
    const [line = 1, column = 1] = token.getPosition();
    if (origin !== null)
      tell.read({ steps: origin.steps, isGuarded, compared: end === -1 ? compared : [], inherited, line, column });
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
    for (const value of values) originOf(value, isGuarded || name === "default");
    for (const fault of faultsOf(name, values)) tell.fault(fault);
    const field = BY_FIELD.has(name) ? values.find(TypeGuards.isQuotedToken) : undefined;
    if (origin === null || field === undefined || field !== values[0]) return withoutField(origin, name);
    const [line = 1, column = 1] = field.getPosition();
    const steps = [...(entryOf(origin)?.steps ?? []), ...field.content.split(".")];
    tell.read({ steps, isGuarded: true, compared: [], inherited: origin.steps.length, line, column });
    return name === "map" ? { steps, isGathered: true } : withoutField(origin, name);
  }

  function withoutField(origin: Origin, name: string): Origin {
    if (LISTS.has(name)) return origin;
    return ENTRIES.has(name) ? entryOf(origin) : null;
  }

  return { originOf, entryOf };
}

/** What each operand of `==` and `!=` is compared with. Operators stand behind their operands. */
function comparisonsIn(postfix: readonly Token[]): ReadonlyMap<Token, readonly Plain[]> {
  const pairs = new Map<Token, readonly Plain[]>();
  const operands: (Token | null)[] = [];
  for (const token of postfix) {
    if (!TypeGuards.isOperatorToken(token)) operands.push(token);
    else {
      const right = operands.pop() ?? null;
      const left = token.operator === "not" ? null : (operands.pop() ?? null);
      const isEquality = token.operator === "==" || token.operator === "!=";
      if (isEquality && left !== null && right !== null) pairs.set(left, plainOf(right)).set(right, plainOf(left));
      operands.push(null);
    }
  }
  return pairs;
}

/** The value that a token writes out, if it does. */
export function plainOf(token: Token | Value): readonly Plain[] {
  if ("filters" in token) return token.filters.length === 0 ? token.initial.postfix.flatMap(plainOf) : [];
  if (TypeGuards.isQuotedToken(token) || TypeGuards.isNumberToken(token)) return [token.content];
  return TypeGuards.isLiteralToken(token) && typeof token.content === "boolean" ? [token.content] : [];
}

/** Zones and parts that are written out, of the filters that take any text for one and fall back on a default. */
function faultsOf(filter: string, values: readonly ValueToken[]): Fault[] {
  const at = (index: number, isRight: (text: string) => boolean, message: (text: string) => string): Fault[] => {
    const value = values[index];
    if (value === undefined || !TypeGuards.isQuotedToken(value) || isRight(value.content)) return [];
    const [line = 1, column = 1] = value.getPosition();
    return [{ message: message(value.content), line, column }];
  };
  const zone = (name: string): string =>
    `unknown time zone ${JSON.stringify(name)}; expected an IANA name such as Europe/Berlin`;
  const part = (name: string): string => `expected "date" or "time", got ${JSON.stringify(name)}`;
  if (filter === "date") return at(1, isTimeZone, zone);
  if (filter !== "local") return [];
  return [...at(0, isTimeZone, zone), ...at(1, (text) => text === "date" || text === "time", part)];
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
