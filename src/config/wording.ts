import type { z } from "zod";
import { didYouMean } from "../sdk/suggest.ts";
import type { Path } from "./problem.ts";

/** A zod issue; `message` is empty unless the schema's author wrote one. */
export type Issue = z.core.$ZodIssue;

/** Where in the value it is. */
export function pathOf(issue: Issue): Path {
  return issue.path.map((step) => (typeof step === "number" ? step : String(step)));
}

/** Whether, with no value there, it says that there should be one. */
export function isAbsence({ code }: Issue): boolean {
  return code === "invalid_type" || code === "invalid_value" || code === "invalid_union";
}

/** What would have been right: `expected a number`. */
export function expectation(issue: Issue): string {
  if (issue.message !== "") return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `expected ${noun(issue.expected)}`;
    case "invalid_value":
      return `expected ${alternatives(issue.values.map(quote))}`;
    case "invalid_union":
      return unionExpectation(issue);
    case "too_small":
      return `expected ${issue.inclusive === false ? "more than" : "at least"} ${amount(issue.minimum, issue.origin)}`;
    case "too_big":
      return `expected ${issue.inclusive === false ? "less than" : "at most"} ${amount(issue.maximum, issue.origin)}`;
    case "invalid_format":
      return `expected ${formatNoun(issue.format, issue.pattern)}`;
    case "not_multiple_of":
      return `expected a multiple of ${issue.divisor}`;
    case "invalid_key":
    case "invalid_element":
      return issue.issues.slice(0, 1).map(expectation).join();
    case "custom":
    case "unrecognized_keys":
      break;
  }
  return "not valid";
}

/** `, got ""`, and what to do about it. Nothing for a mapping that is one. */
export function got(issue: Issue, value: unknown, hint: string = advice(issue, value)): string {
  if (issue.code === "invalid_key") return " as the key";
  if (issue.code === "too_small" || issue.code === "too_big")
    if (Array.isArray(value)) return `, got ${value.length === 0 ? "none" : value.length}`;
  if (issue.code === "too_big" && typeof value === "string" && value.length > LONGEST_VALUE)
    return `, got ${value.length}`;
  const isWrongType = issue.code === "invalid_type" || issue.code === "invalid_union" || issue.code === "invalid_value";
  if (typeof value === "object" && value !== null && !isWrongType) return "";
  return `, got ${shorten(shown(value))}${hint}`;
}

/** What to do where YAML, or who wrote it, took the value for something else: `; put it in quotes`. */
export function advice(issue: Issue, value: unknown): string {
  if (issue.code === "invalid_value" && typeof value === "string") return didYouMean(value, issue.values.map(String));
  const wanted = issue.message === "" ? expectedTypes(issue) : [];
  if (wanted.includes("string")) {
    if (value === null) return "; text that starts with # stands in quotes";
    return typeof value === "object" || typeof value === "string" ? "" : "; put it in quotes";
  }
  if (typeof value === "string" && typed(value, wanted) !== undefined) return "; leave out the quotes";
  if (wanted.join() === "array") return "; start every entry with a dash";
  return typeof value === "string" && /^(object|record)$/.test(wanted.join()) ? "; write key: value" : "";
}

/** The number or boolean that a text spells, where one of these types is wanted. */
export function typed(text: string, types: readonly string[]): number | boolean | undefined {
  const wantsNumber = types.includes("number") || types.includes("int");
  if (wantsNumber && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (types.includes("boolean") && (text === "true" || text === "false")) return text === "true";
  return undefined;
}

/** What to write instead of a name that nobody knows: `; did you mean team?`, or which ones there are. */
export function instead(name: string, known: readonly string[]): string {
  const some = known.length > MOST_NAMES ? [...known.slice(0, MOST_NAMES), "…"] : known;
  return didYouMean(name, known) || (known.length === 0 ? "; there is none" : `; known: ${some.join(", ")}`);
}

const MOST_NAMES = 8;

/** The types that would have been right instead of a text. */
export function expectedTypes(issue: Issue): readonly string[] {
  if (issue.code === "invalid_type") return [issue.expected];
  if (issue.code !== "invalid_union") return [];
  return issue.errors.flat().flatMap((nested) => (nested.path.length === 0 ? expectedTypes(nested) : []));
}

/**
 * The issues that a person can act on: those of the one alternative of a union whose kind fits the value, or the union's own where none
 * does.
 */
export function flatten(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  // The value that tells the alternatives apart is none that they know.
  if ("options" in issue && issue.options !== undefined)
    return [{ code: "invalid_value", values: issue.options, path: issue.path, message: issue.message }];
  const [best] = issue.errors
    .filter((alternative) => alternative.length > 0 && !alternative.some(isMisfit))
    .toSorted((one, other) => one.length - other.length);
  if (best === undefined) return [issue];
  return best.flatMap((nested) => flatten({ ...nested, path: [...issue.path, ...nested.path] }));
}

function isMisfit(issue: Issue): boolean {
  const isRoot = issue.path.length === 0;
  if (issue.code === "invalid_value") return isRoot || issue.path.length === 1;
  return isRoot && (issue.code === "invalid_type" || (issue.code === "invalid_union" && flatten(issue)[0] === issue));
}

function unionExpectation(issue: Extract<Issue, { code: "invalid_union" }>): string {
  const roots = issue.errors.flat().filter((nested) => nested.path.length === 0);
  const expected = roots.map((nested) => expectation(nested).replace(/^expected /, ""));
  return expected.length === 0
    ? "expected one of its alternatives"
    : `expected ${alternatives([...new Set(expected)])}`;
}

function noun(type: string): string {
  switch (type) {
    case "string":
      return "text";
    case "number":
      return "a number";
    case "int":
      return "a whole number";
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    case "object":
    case "record":
      return "a mapping";
    case "null":
      return "nothing";
    default:
      return type;
  }
}

function formatNoun(format: string, pattern: string | undefined): string {
  if (format === "url") return "a URL";
  if (format === "email") return "an e-mail address";
  return format === "regex" && pattern !== undefined ? `text like ${pattern}` : format.replaceAll("_", " ");
}

function amount(limit: number | bigint, origin: string): string {
  if (origin === "string") return `${limit} character${limit === 1 ? "" : "s"}`;
  if (origin === "array" || origin === "set") return `${limit} entr${limit === 1 ? "y" : "ies"}`;
  return String(limit);
}

function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

function shown(value: unknown): string {
  if (value === null) return "nothing";
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "a mapping";
  return quote(value);
}

function quote(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

const LONGEST_VALUE = 80;

function shorten(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}
