import { NEVER_SENT, PING, TRIGGERS } from "../cal/triggers.ts";
import type { Operator } from "../routing/operations.ts";
import { TRIGGER_SPELLING } from "./on.ts";
import type { JsonSchema } from "./json-schema-stand-ins.ts";

/** `BOOKING_*` and its like: the first words that several triggers share. */
const WILDCARDS = [...new Set(TRIGGERS.map(firstWord))]
  .filter((word) => TRIGGERS.filter((trigger) => firstWord(trigger) === word).length > 1)
  .map((word) => `${word}_*`);

// An editor shows what is said of the alternative that fits.
const TRIGGER: JsonSchema = {
  description: 'triggers: one, a list, "BOOKING_*" or "*"',
  anyOf: [
    { enum: ["*", ...TRIGGERS, ...WILDCARDS] },
    { type: "string", pattern: TRIGGER_SPELLING.source, not: { enum: [PING, ...Object.keys(NEVER_SENT)] } },
    { type: "string", pattern: String.raw`^[A-Z][A-Z0-9_]*\*$` },
    { $ref: "#/definitions/variable" },
  ],
};

/** A route's `on`. A trigger that is not known may be a new one. */
export const ON: JsonSchema = { anyOf: [TRIGGER, { type: "array", minItems: 1, items: TRIGGER }] };

/** A route's `filter`. */
export const FILTER: JsonSchema = { allOf: [{ $ref: "#/definitions/filter" }] };

const FILTERS: JsonSchema = { type: "array", minItems: 1, items: FILTER };

/** Every operator, with what it means and what it takes. `$and`, `$or` and `$nor` combine filters, the others stand under a field. */
const OPERATORS: Readonly<Record<Operator, JsonSchema>> = {
  $eq: { description: "equals; the same as the value alone" },
  $ne: { description: "does not equal; also where the field is missing" },
  $in: { description: "is one of these", type: "array" },
  $nin: { description: "is none of these; also where the field is missing", type: "array" },
  $gt: { description: "is greater, or later", type: ["number", "string"] },
  $gte: { description: "is as great or greater, at the same time or later", type: ["number", "string"] },
  $lt: { description: "is less, or earlier", type: ["number", "string"] },
  $lte: { description: "is as great or less, at the same time or earlier", type: ["number", "string"] },
  $exists: { description: "true: there is such a field; false: there is none", type: "boolean" },
  $regex: { description: "a text that matches this regular expression", type: "string" },
  $options: { description: "of $regex: i takes capital and small letters alike", type: "string" },
  $all: { description: "a list that has all of these", type: "array" },
  $size: { description: "a list of this length", type: "integer", minimum: 0 },
  $elemMatch: { description: "a list with an element for which all of these hold", type: "object" },
  $not: { description: "the conditions that must not hold", type: "object" },
  $and: { description: "all of these filters match", ...FILTERS },
  $or: { description: "at least one of these filters matches", ...FILTERS },
  $nor: { description: "none of these filters matches", ...FILTERS },
};

const { $and, $or, $nor, ...operators } = OPERATORS;

export const FILTER_DEFINITIONS: Readonly<Record<string, JsonSchema>> = {
  filter: {
    type: "object",
    properties: { $and, $or, $nor, $not: { description: "this filter does not match", ...FILTER } },
    patternProperties: { "^[^$]": { $ref: "#/definitions/condition" } },
    additionalProperties: false,
  },
  condition: {
    description: "what the field has to be: a value, or operators such as $in and $exists",
    anyOf: [
      { type: ["string", "number", "boolean", "null", "array"] },
      { type: "object", minProperties: 1, properties: operators, additionalProperties: false },
    ],
  },
};

function firstWord(trigger: string): string {
  return trigger.split("_", 1).join();
}
