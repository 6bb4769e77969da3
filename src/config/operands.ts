import type { Field, PlainType } from "../cal/field.ts";
import { suggest } from "../sdk/suggest.ts";
import type { Step } from "../rendering/renderer.ts";
import { spell, type Finding } from "./fields.ts";
import { nounOf } from "./follow.ts";
import { isMapping } from "./mapping.ts";
import type { Path } from "./problem.ts";
import { instead } from "./wording.ts";

type Placed = Finding & { readonly path: Path };

/** What is compared with a field that can never be it: a text with a number, a status that Cal.com does not know. */
export function operandFindings(field: Field, value: unknown, path: Path, steps: readonly Step[]): Placed[] {
  const name = spell(steps, "filter");
  const misfits = typeMisfits(field, value, path, name);
  return misfits.length > 0 ? misfits : asItStands(field, value, path);
}

function typeMisfits(field: Field, value: unknown, path: Path, name: string): Placed[] {
  if (field.isAnything || field.entries?.isAnything) return [];
  if (!isMapping(value)) return valueFindings(field, value, path, name);
  return Object.entries(value).flatMap(([operator, operand]) => {
    const at = [...path, operator];
    switch (operator) {
      case "$not":
        return typeMisfits(field, operand, at, name);
      case "$in":
      case "$nin":
      case "$all":
        return [operand].flat().flatMap((one, index) => valueFindings(field, one, [...at, index], name));
      case "$regex":
        return plainTypes(field).includes("text")
          ? []
          : error(at, `$regex matches text, and ${name} is ${nounOf(field)}`);
      case "$size":
      case "$elemMatch":
        return field.entries ? [] : error(at, `${operator} is for a list, and ${name} is ${nounOf(field)}`);
      case "$exists":
      case "$options":
        return [];
      default:
        return valueFindings(field, operand, at, name);
    }
  });
}

/** What is written as other tools have it, and compared as it stands: `> 5000`, `/…/`, `*@example.com`, a bound in quotes. */
function asItStands({ isAnything }: Field, value: unknown, path: Path): Placed[] {
  if (typeof value === "string") {
    const [, operator] = /^([<>]=?)\s*-?\d/.exec(value) ?? [];
    const meant =
      operator === undefined ? (LIKE_A_PATTERN.test(value) ? "{ $regex: … }" : undefined) : BOUNDS[operator];
    return meant === undefined ? [] : warning(path, `this text is compared as it stands; is ${meant} meant?`);
  }
  if (!isMapping(value) || !isAnything) return [];
  return Object.entries(value).flatMap(([operator, operand]) => {
    const isBound = Object.values(BOUNDS).some((one) => one.includes(`${operator}:`));
    return isBound && typeof operand === "string" && /^-?\d+(\.\d+)?$/.test(operand)
      ? warning([...path, operator], "this is compared as text, letter by letter; leave out the quotes for a number")
      : [];
  });
}

const LIKE_A_PATTERN = /^\/.+\/[a-z]*$|^\*.|.\*$/;
const BOUNDS: Readonly<Record<string, string>> = {
  ">": "{ $gt: … }",
  ">=": "{ $gte: … }",
  "<": "{ $lt: … }",
  "<=": "{ $lte: … }",
};

function valueFindings(field: Field, value: unknown, path: Path, name: string): Placed[] {
  const type = typeOf(value);
  if (type === "structure") return [];
  const types = plainTypes(field);
  if (types.includes(type)) return knownValue(field, value, path, name);
  const expected = types.length === 0 ? nounOf(field) : nounOf({ types });
  return error(path, `expected ${expected}, as ${name} is, got ${JSON.stringify(value)}${quotes(value, types)}`);
}

function knownValue({ values }: Field, value: unknown, path: Path, name: string): Placed[] {
  if (values === undefined || typeof value !== "string" || values.includes(value)) return [];
  const severity = suggest(value, values) === null ? "warning" : "error";
  return [{ severity, path, message: `${name} is never ${JSON.stringify(value)}${instead(value, values)}` }];
}

/** Of a list, any entry may be what is asked for. */
function plainTypes({ types, entries }: Field): readonly PlainType[] {
  return [...types, ...(entries?.types ?? [])];
}

/** Null equals what is missing, and whole mappings and lists can be compared with anything. */
function typeOf(value: unknown): PlainType | "structure" {
  if (typeof value === "string") return "text";
  return typeof value === "number" || typeof value === "boolean" ? (typeof value as "number" | "boolean") : "structure";
}

function quotes(value: unknown, types: readonly PlainType[]): string {
  if (types.includes("text")) return "; put it in quotes";
  const isPlain = types.includes("number") ? /^-?\d+(\.\d+)?$/ : /^(true|false)$/;
  return typeof value === "string" && isPlain.test(value) ? "; leave out the quotes" : "";
}

function warning(path: Path, message: string): Placed[] {
  return [{ severity: "warning", path, message }];
}

function error(path: Path, message: string): Placed[] {
  return [{ severity: "error", path, message }];
}
