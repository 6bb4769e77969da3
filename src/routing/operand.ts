import type { Json } from "../event.ts";
import { lacksOffset } from "./instant.ts";
import type { Operator } from "./operations.ts";
import { compilePattern } from "./pattern.ts";

type Plain = Exclude<Operator, "$not" | "$elemMatch">;
type Fields = { readonly [key: string]: Json };
type Check = (operand: Json, siblings: Fields) => string | undefined;

/** What is wrong with the value of an operator, in a sentence, or undefined where it is right. */
export function wrongOperand(operator: Plain, operand: Json, siblings: Fields): string | undefined {
  return CHECKS[operator](operand, siblings);
}

const anything: Check = () => undefined;
const values = expects("a list of plain values", (operand) => Array.isArray(operand) && !operand.some(hasOperator));
const misplaced: Check = () => "stands beside fields, not under one";

const CHECKS: Record<Plain, Check> = {
  $eq: anything,
  $ne: anything,
  $in: values,
  $nin: values,
  $gt: bound,
  $gte: bound,
  $lt: bound,
  $lte: bound,
  $exists: expects("true or false", (operand) => typeof operand === "boolean"),
  $size: expects("a whole number", (operand) => Number.isInteger(operand)),
  $all: expects("a list of plain values", isScalars),
  $regex: wrongPattern,
  $options: (_, siblings) => ("$regex" in siblings ? undefined : "goes beside a $regex"),
  $and: misplaced,
  $or: misplaced,
  $nor: misplaced,
};

function expects(what: string, fits: (operand: Json) => boolean): Check {
  return (operand) => (fits(operand) ? undefined : `expected ${what}, got ${JSON.stringify(operand)}`);
}

function bound(operand: Json): string | undefined {
  const got = `got ${JSON.stringify(operand)}`;
  if (lacksOffset(operand)) return `expected a time with Z or an offset such as +01:00, ${got}`;
  return typeof operand === "number" || typeof operand === "string"
    ? undefined
    : `expected a number, a time or a text, ${got}`;
}

function wrongPattern(source: Json, { $options: options = "" }: Fields): string | undefined {
  if (typeof source !== "string") return `expected a regular expression, got ${JSON.stringify(source)}`;
  if (typeof options !== "string") return `expected $options i, m, s or u, got ${JSON.stringify(options)}`;
  const pattern = compilePattern(source, options);
  return "refused" in pattern ? pattern.refused : undefined;
}

function isScalars(operand: Json): boolean {
  return (
    Array.isArray(operand) && operand.length > 0 && operand.every((one) => typeof one !== "object" || one === null)
  );
}

/** Whether a value is conditions rather than what is compared with. */
export function hasOperator(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).some((key) => key.startsWith("$"));
}
