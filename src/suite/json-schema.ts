import { z } from "zod";
import { sampleNames } from "../cal/samples.ts";
import { FILTER_DEFINITIONS } from "../config/json-schema-routing.ts";
import type { JsonSchema } from "../config/json-schema-stand-ins.ts";
import { eventNameSchema, fieldSchema, suiteSchema } from "./schema.ts";

/** A value that is compared whole, or conditions as a filter has them. */
const FIELD: JsonSchema = {
  anyOf: [{ $ref: "#/definitions/condition" }, { type: "object", propertyNames: { pattern: "^[^$]" } }],
};

/** Suites as JSON Schema, for editors; draft 7, as that of the configuration. Names of routes, sinks and their fields only `test` knows. */
export function suiteJsonSchema(): JsonSchema {
  const { $schema, ...converted } = z.toJSONSchema(suiteSchema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      // Editors complete what is listed.
      if (zodSchema === eventNameSchema)
        Object.assign(jsonSchema, { anyOf: [{ enum: sampleNames }, { type: "string" }] });
      if (zodSchema === fieldSchema) Object.assign(jsonSchema, FIELD);
    },
  });
  return {
    $schema,
    // What cannot be said in JSON Schema is undefined in it, and left out here.
    ...(JSON.parse(JSON.stringify(converted)) as JsonSchema),
    title: "Cal Relay suite",
    description: "events, and what a configuration has to make of them",
    definitions: FILTER_DEFINITIONS,
  };
}
