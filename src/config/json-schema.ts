import { z } from "zod";
import type { SinkPlugin } from "../sdk/index.ts";
import { mapValues } from "./mapping.ts";
import { FILTER, FILTER_DEFINITIONS, ON } from "./json-schema-routing.ts";
import { fileSchema, routeSchema, sinkSchema, sourceSchema, targetSchema } from "./schema.ts";
import { orTemplate, orVariable, STAND_INS, type JsonSchema } from "./json-schema-stand-ins.ts";

/**
 * The configuration as JSON Schema, for editors: completion, descriptions and most mistakes as people type. Draft 7, which YAML language
 * servers know best. Knows the sinks of these plugins. What is between parts of the file (that a sink exists, that a template is right)
 * only `check` can tell.
 */
export function jsonSchema(plugins: readonly SinkPlugin[]): JsonSchema {
  const { properties, ...file } = convert(fileSchema);
  const sections = mapValues(properties ?? {}, (section) => orVariable(orNothing(section)));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    ...file,
    title: "Cal Relay",
    description: "where Cal.com's events come from, and where they go",
    properties: {
      ...sections,
      sources: {
        ...sections["sources"],
        type: "object",
        minProperties: 1,
        additionalProperties: orVariable(orNothing(convert(sourceSchema))),
      },
      sinks: { ...sections["sinks"], additionalProperties: sinkOf(plugins) },
      routes: { ...sections["routes"], items: routeOf(plugins) },
    },
    definitions: {
      ...STAND_INS,
      ...FILTER_DEFINITIONS,
      ...definitions(plugins, "sink", sinkDefinition),
      ...definitions(plugins, "target", targetDefinition),
    },
  };
}

function definitions(
  plugins: readonly SinkPlugin[],
  part: string,
  definition: (plugin: SinkPlugin, root: string) => JsonSchema,
): Record<string, JsonSchema> {
  const names = plugins.map((plugin) => [`${plugin.type}-${part}`, plugin] as const);
  return Object.fromEntries(names.map(([name, plugin]) => [name, definition(plugin, `#/definitions/${name}`)]));
}

/** What fits is decided by `type`, so that a mistake is told of that type alone. */
function sinkOf(plugins: readonly SinkPlugin[]): JsonSchema {
  const { properties } = convert(sinkSchema);
  return {
    description: "a place where events can go: its type, and what a sink of that type needs",
    type: "object",
    properties: { type: orVariable({ enum: plugins.map(({ type }) => type), ...described(properties?.["type"]) }) },
    required: ["type"],
    allOf: plugins.map(({ type }) => ({
      if: { properties: { type: { const: type } }, required: ["type"] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { $ref: `#/definitions/${type}-sink` },
    })),
  };
}

function routeOf(plugins: readonly SinkPlugin[]): JsonSchema {
  const { properties = {}, ...rest } = orVariable(convert(routeSchema));
  const { on, filter, to } = properties;
  return {
    ...rest,
    properties: {
      ...properties,
      on: { ...described(on), ...ON },
      filter: { ...described(filter), ...FILTER },
      to: { ...to, items: targetOf(plugins) },
    },
  };
}

/** Which sink has which type is nothing that JSON Schema could know: a target is that of any of them. */
function targetOf(plugins: readonly SinkPlugin[]): JsonSchema {
  const keys = plugins.flatMap((plugin) => Object.keys(targetDefinition(plugin, "#").properties ?? {}));
  return {
    type: "object",
    // Of alternatives, editors complete the keys of those that lack nothing so far; that alone would keep back most.
    properties: Object.fromEntries(keys.map((key) => [key, {}])),
    anyOf: plugins.map(({ type }) => ({ $ref: `#/definitions/${type}-target` })),
  };
}

/** `sinks.<name>` of one type: the relay's keys and the plugin's. */
function sinkDefinition({ type, title, connection }: SinkPlugin, root: string): JsonSchema {
  const { properties = {}, required = [] } = convert(sinkSchema);
  const own = { ...properties, type: { const: type, description: title } };
  return { title, ...orVariable(withKeys(convert(connection, root), own, required)) };
}

/** A target of one type: the sink's name, and the message with its templates. */
function targetDefinition({ title, message }: SinkPlugin, root: string): JsonSchema {
  const { properties = {}, required = [] } = convert(targetSchema);
  return { title, ...withKeys(orTemplate(convert(message, root)), properties, required) };
}

function withKeys(schema: JsonSchema, keys: Record<string, JsonSchema>, required: readonly string[]): JsonSchema {
  const { anyOf, oneOf, ...rest } = schema;
  const alternatives = anyOf ?? oneOf;
  if (alternatives !== undefined) return { ...rest, anyOf: alternatives.map((one) => withKeys(one, keys, required)) };
  return { ...rest, properties: { ...keys, ...rest.properties }, required: [...required, ...(rest.required ?? [])] };
}

/** What a zod schema takes in, as JSON Schema; `root` is the place that it is put to. */
function convert(schema: z.ZodType, root = "#"): JsonSchema {
  const { $schema: _, ...converted } = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
  });
  // A schema that contains itself refers to itself from its own root.
  return JSON.parse(JSON.stringify(converted), (key, value: unknown) =>
    key === "$ref" && typeof value === "string" ? value.replace("#", root) : value,
  );
}

/** An empty section, all its lines commented out, is null in YAML. */
function orNothing(schema: JsonSchema): JsonSchema {
  return typeof schema.type === "string" ? { ...schema, type: [schema.type, "null"] } : schema;
}

function described({ description }: JsonSchema = {}): JsonSchema {
  return description === undefined ? {} : { description };
}
