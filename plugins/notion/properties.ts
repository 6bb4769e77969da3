import type { QueryDataSourceParameters } from "@notionhq/client";
import { suggest } from "cal-relay/sdk";
import type { Property, Schema } from "./data-source.ts";
import type { Message, PropertyValue } from "./options.ts";
import { toRequest, Unfit, type PropertyRequest } from "./values.ts";

export interface Conversion {
  /** Property name → value in Notion's shape; without those that are left as they are. */
  readonly request: Record<string, PropertyRequest>;
  /** What finds the page with the same key; null without a key. */
  readonly key: Key | null;
  /** Everything that does not fit, one sentence each. Empty: the page can be written. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

export interface Key {
  readonly value: string | number;
  readonly filter: NonNullable<QueryDataSourceParameters["filter"]>;
}

/** Fits a message's properties to the data source's schema. A null is left out: on an update the property stays, on a new page it is empty. */
export function convert({ properties, key: keyName }: Message, schema: Schema): Conversion {
  const request: Record<string, PropertyRequest> = {};
  const problems: string[] = [];
  const notes: string[] = [];
  let key: Key | null = null;

  for (const [name, given] of Object.entries(properties)) {
    // A key is written as it is searched for: without spaces around it.
    const value = name === keyName && typeof given === "string" ? given.trim() : given;
    const property =
      schema.properties.find((one) => one.name === name) ?? schema.properties.find((one) => one.id === name);
    if (property === undefined) {
      problems.push(unknownProperty(name, schema));
      continue;
    }
    try {
      if (isSaid(value))
        request[property.name] = toRequest(value, {
          property,
          cut: () => notes.push(`"${property.name}" cut after 100 pieces of 2,000 characters`),
        });
      if (name === keyName) key = keyOf(value, property);
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      problems.push(`property "${property.name}" (${property.type}) ${error.message}`);
    }
  }
  return { request, key, problems, notes };
}

/** Null is nothing to write, and so is a date whose start nobody has told. */
function isSaid(value: PropertyValue): value is NonNullable<PropertyValue> {
  return value !== null && (typeof value !== "object" || Array.isArray(value) || value["start"] !== null);
}

function unknownProperty(name: string, { properties }: Schema): string {
  const near = suggest(
    name,
    properties.map((one) => one.name),
  );
  const known = properties.map((one) => `${one.name} (${one.type})`).join(", ");
  return `no property "${name}"${near === null ? "." : `; did you mean "${near}"?`} There are: ${known}`;
}

/** Types whose value a query can compare as text. */
const TEXT_KEYS = new Set(["title", "rich_text", "url", "email", "phone_number", "select", "status"]);

function keyOf(value: PropertyValue, { name, type }: Property): Key {
  if (type !== "number" && !TEXT_KEYS.has(type))
    throw new Unfit("cannot be the key: a title, text, number, url, email, phone number, select or status can");
  if (value === null || value === "") throw new Unfit("is the key and must not be empty");
  if (typeof value === "object") throw new Unfit("is the key and expects text");
  const wanted = type === "number" ? Number(value) : String(value);
  if (String(wanted).length > 2_000) throw new Unfit("is the key and takes at most 2,000 characters");
  // One of the filters of QueryDataSourceParameters for each type above: all compare with `equals`.
  return { value: wanted, filter: { property: name, [type]: { equals: wanted } } as Key["filter"] };
}
