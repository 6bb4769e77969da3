export type PlainType = "text" | "number" | "boolean";

/** What can stand in one place of an event: a plain value, a mapping, a list, or one of these. */
export interface Field {
  readonly types: readonly PlainType[];
  /** Of a mapping, by name. */
  readonly fields?: Readonly<Record<string, Field>>;
  /** Of a mapping whose names are the account's own, such as `responses`. */
  readonly others?: Field;
  /** Of a list. */
  readonly entries?: Field;
  /** The texts that it can be, where they are known. */
  readonly values?: readonly string[];
  /** Nothing is known of it: anything may stand there. */
  readonly isAnything?: true;
  /** What it is, in a few words. */
  readonly description?: string;
}

export const TEXT: Field = { types: ["text"] };
export const NUMBER: Field = { types: ["number"] };
export const BOOLEAN: Field = { types: ["boolean"] };
export const ANYTHING: Field = { types: [], isAnything: true };

export function described(field: Field, description: string): Field {
  return { ...field, description };
}

export function mapping(fields: Readonly<Record<string, Field>>): Field {
  return { types: [], fields };
}

export function list(entries: Field): Field {
  return { types: [], entries };
}

/** What can stand in a place that is the one or the other. */
export function either(one: Field, other: Field): Field {
  const fields = mergeFields(one.fields, other.fields);
  const others = merge(one.others, other.others);
  const entries = merge(one.entries, other.entries);
  const description = one.description ?? other.description;
  const values = one.values && other.values && [...new Set([...one.values, ...other.values])];
  return {
    types: [...new Set([...one.types, ...other.types])],
    ...(fields && { fields }),
    ...(others && { others }),
    ...(entries && { entries }),
    ...(values && { values }),
    ...((one.isAnything || other.isAnything) && { isAnything: true }),
    ...(description !== undefined && { description }),
  };
}

function mergeFields(one: Field["fields"], other: Field["fields"]): Field["fields"] {
  if (one === undefined || other === undefined) return one ?? other;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, merge(one[name], other[name]) ?? ANYTHING]));
}

function merge(one: Field | undefined, other: Field | undefined): Field | undefined {
  return one === undefined || other === undefined ? (one ?? other) : either(one, other);
}
