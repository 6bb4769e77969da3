import { z } from "zod";
import { connectionOf, messageOf } from "./bench.ts";
import { expectKept, type SinkPromise } from "./promise.ts";
import type { SinkSubject } from "./subject.ts";

/** What a sink promises of its own description: what `check`, editors and the masking of secrets rely on. */
export function descriptionPromises(subject: SinkSubject): SinkPromise[] {
  const { plugin } = subject;
  return [
    {
      name: "has a type and a title",
      async run() {
        const type = `type is ${JSON.stringify(plugin.type)}`;
        expectKept(/^[a-z0-9-]+$/.test(plugin.type), "type is a name of a-z, 0-9 and -", type);
        expectKept(plugin.title !== "", "title is a text for people", "it is empty");
      },
    },
    {
      name: "describes every field of its connection and of its message",
      async run() {
        for (const [where, schema] of schemasOf(subject))
          for (const { name, description } of fieldsOf(schema))
            expectKept(
              description !== undefined,
              "every field has a .describe(), which editors show",
              `${where}.${name} has none`,
            );
      },
    },
    {
      name: "names as secrets only keys of its connection",
      async run() {
        const known = fieldsOf(plugin.connection).map((field) => field.name);
        for (const key of plugin.secrets)
          expectKept(known.includes(key), "secrets are keys of the connection", `"${key}" is none`);
      },
    },
    {
      name: "refuses an unknown key in its connection and in its message",
      async run() {
        const given = { connection: connectionOf(subject, "http://127.0.0.1:9"), message: messageOf(subject, "mark") };
        for (const [where, schema] of schemasOf(subject)) {
          const { success } = schema.safeParse({ ...Object(given[where]), anUnknownKey: 1 });
          expectKept(
            !success,
            "a misspelt key in the YAML is a problem, so both schemas are z.strictObject",
            `${where} took anUnknownKey`,
          );
        }
      },
    },
  ];
}

function schemasOf({ plugin }: SinkSubject): [where: "connection" | "message", schema: z.ZodType][] {
  return [
    ["connection", plugin.connection],
    ["message", plugin.message],
  ];
}

interface Field {
  readonly name: string;
  readonly description: string | undefined;
}

const shape = z.looseObject({
  properties: z.record(z.string(), z.looseObject({ description: z.string().optional() })).default({}),
});

function fieldsOf(schema: z.ZodType): Field[] {
  const { properties } = shape.parse(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
  return Object.entries(properties).map(([name, { description }]) => ({ name, description }));
}
