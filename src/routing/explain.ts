import type { Json, Verdict } from "../event.ts";
import type { FilterResult } from "./filter.ts";
import type { Operator } from "./operations.ts";

type Reason = NonNullable<Verdict["reason"]>;
type Failed = Exclude<FilterResult, { matched: true }>;

/** Characters of a value in a sentence. */
const LONGEST = 80;

const WISH: Record<Exclude<Operator, "$exists">, string> = {
  $eq: "",
  $ne: "anything but ",
  $in: "one of ",
  $nin: "none of ",
  $gt: "more than ",
  $gte: "at least ",
  $lt: "less than ",
  $lte: "at most ",
  $options: "",
  $regex: "a match of ",
  $all: "all of ",
  $size: "a list of ",
  $elemMatch: "an element with ",
  $and: "all of ",
  $or: "any of ",
  $nor: "none of ",
  $not: "not ",
};

/** Why a filter did not match: `filter.payload.type: expected "60min", saw "30min"`. */
export function filterReason({ path, operator, expected, seen }: Failed): Reason {
  const condition = `filter.${path}`;
  return {
    condition,
    expected: operator === "$eq" ? expected : { [operator]: expected },
    seen,
    text: `${condition}: expected ${wish(operator, expected)}, saw ${seen === null ? "nothing" : short(seen)}`,
  };
}

/** A value as JSON, shortened for a sentence. */
export function short(value: Json): string {
  return cut(JSON.stringify(value));
}

function wish(operator: Operator, expected: Json): string {
  if (operator === "$exists") return expected === true ? "a value" : "no value";
  const isPattern = operator === "$regex" && typeof expected === "string";
  return WISH[operator] + (isPattern ? `/${cut(expected)}/` : short(expected));
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
