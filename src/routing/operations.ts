import { isDeepStrictEqual } from "node:util";
import sift from "sift";
import type { Json } from "../event.ts";
import { instantOf } from "./instant.ts";
import { compilePattern } from "./pattern.ts";

// sift is CommonJS: to Node its names are properties of the default export, and named imports fail.
// oxlint-disable-next-line import/no-named-as-default-member
const { $all, $and, $elemMatch, $eq, $exists, $in, $ne, $nin, $nor, $not, $options, $or, $size, ...core } = sift;

type EqualsArguments = Parameters<typeof core.createEqualsOperation>;

/** The operators of a filter, and nothing else that sift knows: `$where` and its like run code. */
const operations = {
  $eq,
  $ne,
  $in,
  $nin,
  $gt: ordered((difference) => difference > 0),
  $gte: ordered((difference) => difference >= 0),
  $lt: ordered((difference) => difference < 0),
  $lte: ordered((difference) => difference <= 0),
  $exists,
  $regex: matching,
  $options,
  $all,
  $size,
  $elemMatch,
  $and,
  $or,
  $nor,
  $not,
};

export type Operator = keyof typeof operations;

export const OPERATORS = Object.keys(operations) as Operator[];

export function isOperator(name: string): name is Operator {
  return Object.hasOwn(operations, name);
}

/** A tester of one query that holds only `OPERATORS`; throws on any other. */
export function testerOf(query: Json): (subject: unknown) => boolean {
  // sift asks objects for their constructor, which one without a prototype has not: a clone has.
  return core.createQueryTester<unknown>(structuredClone(query), { operations, compare: equal });
}

/** Times compare as instants; null equals what is missing. */
function equal(one: unknown, other: unknown): boolean {
  const instant = instantOf(one);
  if (instant !== undefined && instant === instantOf(other)) return true;
  return one === other || isDeepStrictEqual(one ?? null, other ?? null);
}

/**
 * Compares instants with instants, numbers with numbers and text with text; a form sends a number as text, so that one compares with a
 * number as the number it spells. Anything else is no match.
 */
function ordered(holds: (difference: number) => boolean) {
  return (bound: unknown, owner: EqualsArguments[1], options: EqualsArguments[2]) =>
    core.createEqualsOperation(
      (seen: unknown) => {
        const difference = compare(seen, bound);
        return difference !== undefined && holds(difference);
      },
      owner,
      options,
    );
}

const NUMBER = /^-?\d+(\.\d+)?$/;

function compare(one: unknown, other: unknown): number | undefined {
  const [instant, bound] = [instantOf(one), instantOf(other)];
  if (bound !== undefined) return instant === undefined ? undefined : instant - bound;
  const number = typeof one === "string" && NUMBER.test(one) ? Number(one) : one;
  if (typeof number === "number" && typeof other === "number") return number - other;
  if (typeof one !== "string" || typeof other !== "string") return undefined;
  return one < other ? -1 : one > other ? 1 : 0;
}

function matching(source: string, owner: { $options?: string }, options: EqualsArguments[2]) {
  const pattern = compilePattern(source, owner.$options);
  if ("refused" in pattern) throw new TypeError(pattern.refused);
  return core.createEqualsOperation((seen: unknown) => typeof seen === "string" && pattern.test(seen), owner, options);
}
