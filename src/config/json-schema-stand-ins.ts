import { mapValues, split } from "./mapping.ts";

/** A JSON Schema, as far as it is looked into here. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

/** Texts in the file that stand for a value of any type, for `definitions`. */
export const STAND_INS = {
  variable: { type: "string", pattern: String.raw`\$\{` },
  template: { type: "string", pattern: String.raw`\$\{|\{\{|\{%` },
} as const satisfies Record<string, JsonSchema>;

/** The schema with `${…}` allowed for every text, number and boolean in it. */
export function orVariable(schema: JsonSchema): JsonSchema {
  return widen(schema, "variable");
}

/** The schema of a mapping with templates, and `${…}`, allowed for every value in it: a template may give a list or a mapping as well. */
export function orTemplate(schema: JsonSchema): JsonSchema {
  return widenInside(schema, "template");
}

type StandIn = keyof typeof STAND_INS;

function widen(schema: JsonSchema, standIn: StandIn): JsonSchema {
  const inside = widenInside(schema, standIn);
  if (takesAnyText(schema) || (standIn === "variable" && !isScalar(schema))) return inside;
  const [annotations, rest] = split(inside, ["description", "default"]);
  return { ...annotations, anyOf: [rest, { $ref: `#/definitions/${standIn}` }] };
}

/** Widens what the schema says of the parts of a value, and not of the value itself. */
function widenInside(schema: JsonSchema, standIn: StandIn): JsonSchema {
  const part = (one: JsonSchema): JsonSchema => widen(one, standIn);
  const self = (one: JsonSchema): JsonSchema => widenInside(one, standIn);
  const { properties, additionalProperties, items, anyOf, oneOf, allOf, definitions } = schema;
  return {
    ...schema,
    ...(properties && { properties: mapValues(properties, part) }),
    ...(typeof additionalProperties === "object" && { additionalProperties: part(additionalProperties) }),
    ...(items && { items: Array.isArray(items) ? items.map(part) : part(items) }),
    ...(anyOf && { anyOf: anyOf.map(self) }),
    ...(oneOf && { oneOf: oneOf.map(self) }),
    ...(allOf && { allOf: allOf.map(self) }),
    ...(definitions && { definitions: mapValues(definitions, self) }),
  };
}

const NARROWING = ["pattern", "enum", "const", "format", "maxLength", "$ref", "allOf"];

function takesAnyText(schema: JsonSchema): boolean {
  const { type = "string", anyOf, oneOf } = schema;
  const alternatives = anyOf ?? oneOf;
  if (alternatives !== undefined) return alternatives.some(takesAnyText);
  return [type].flat().includes("string") && !NARROWING.some((keyword) => keyword in schema);
}

function isScalar({ type = "string", anyOf, oneOf }: JsonSchema): boolean {
  const alternatives = anyOf ?? oneOf;
  if (alternatives !== undefined) return alternatives.some(isScalar);
  return [type].flat().some((one) => one !== "object" && one !== "array" && one !== "null");
}
