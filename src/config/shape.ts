import type { z } from "zod";
import type { Path } from "./problem.ts";

// Plugins may bring a zod of their own, so schemas are known by `_zod.def` and not by class.
interface Definition {
  readonly type: string;
  readonly [part: string]: unknown;
}

/** The keys that a schema knows at a path, for suggestions. */
export function keysAt(schema: z.ZodType, path: Path): string[] {
  return schemasAt(schema, path).flatMap((one) => {
    const { type, shape } = definitionOf(one);
    return type === "object" ? Object.keys(shape as object) : [];
  });
}

/** The keys of what a schema gives, or null where there may be others too. */
export function outputKeys(schema: z.ZodType): string[] | null {
  const objects = unwrap(schema).map(definitionOf);
  const isKnown = objects.every(
    ({ type, catchall }) => type === "object" && isClosed(catchall as z.ZodType | undefined),
  );
  return isKnown ? objects.flatMap(({ shape }) => Object.keys(shape as object)) : null;
}

/** What `.describe()` says of the value at a path. */
export function descriptionAt(schema: z.ZodType, path: Path): string | undefined {
  const parents = schemasAt(schema, path.slice(0, -1));
  const last = path.at(-1);
  if (last === undefined) return schema.description;
  return parents.flatMap((parent) => children(parent, last)).find((one) => one.description !== undefined)?.description;
}

/** Whether a schema takes an object of the keys it knows only, of any keys, or something else than an object. */
export function kindOf(schema: z.ZodType): "strict object" | "open object" | "no object" {
  const kinds = inputsOf(schema).map((one) => {
    const { type, catchall } = definitionOf(one);
    if (type !== "object") return "no object";
    return catchall !== undefined && definitionOf(catchall as z.ZodType).type === "never"
      ? "strict object"
      : "open object";
  });
  if (kinds.includes("no object")) return "no object";
  return kinds.includes("open object") ? "open object" : "strict object";
}

/** What a schema is given, before it is changed by `transform` and after it was prepared by `preprocess`. */
function inputsOf(schema: z.ZodType): z.ZodType[] {
  const { type, ...definition } = definitionOf(schema);
  if (type === "union") return (definition["options"] as z.ZodType[]).flatMap(inputsOf);
  if (type !== "pipe") return unwrap(schema);
  const first = definition["in"] as z.ZodType;
  return inputsOf(definitionOf(first).type === "transform" ? (definition["out"] as z.ZodType) : first);
}

/** Other keys are refused or left out. */
function isClosed(catchall: z.ZodType | undefined): boolean {
  return catchall === undefined || definitionOf(catchall).type === "never";
}

function schemasAt(schema: z.ZodType, path: Path): z.ZodType[] {
  return path.reduce((found, step) => found.flatMap((one) => children(one, step)).flatMap(unwrap), unwrap(schema));
}

function children(schema: z.ZodType, step: string | number): z.ZodType[] {
  const { type, shape, catchall, element, valueType } = definitionOf(schema);
  if (type === "array") return [element as z.ZodType];
  if (type === "record") return [valueType as z.ZodType];
  if (type !== "object") return [];
  const fields = shape as Record<string, z.ZodType>;
  const field = Object.hasOwn(fields, step) ? fields[step] : (catchall as z.ZodType | undefined);
  return field === undefined ? [] : [field];
}

function unwrap(schema: z.ZodType): z.ZodType[] {
  const definition = definitionOf(schema);
  switch (definition.type) {
    case "optional":
    case "nonoptional":
    case "nullable":
    case "default":
    case "prefault":
    case "catch":
    case "readonly":
      return unwrap(definition["innerType"] as z.ZodType);
    case "lazy":
      return unwrap((definition["getter"] as () => z.ZodType)());
    case "pipe":
      return [definition["in"], definition["out"]].flatMap((end) => unwrap(end as z.ZodType));
    case "union":
      return (definition["options"] as z.ZodType[]).flatMap(unwrap);
    case "intersection":
      return [definition["left"], definition["right"]].flatMap((side) => unwrap(side as z.ZodType));
    default:
      return [schema];
  }
}

function definitionOf(schema: z.ZodType): Definition {
  // oxlint-disable-next-line no-underscore-dangle -- zod's documented way in for libraries
  return schema._zod.def as unknown as Definition;
}
