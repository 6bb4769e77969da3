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
  $regex: "a match of ",
  $options: "",
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
    text: `${condition}: expected ${wish(operator, short(expected))}, saw ${seen === null ? "nothing" : short(seen)}`,
  };
}

/** A value as JSON, shortened for a sentence. */
export function short(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

function wish(operator: Operator, value: string): string {
  if (operator === "$exists") return value === "true" ? "a value" : "no value";
  return `${WISH[operator]}${value}`;
}
