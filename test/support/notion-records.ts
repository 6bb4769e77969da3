import { z } from "zod";
import { propertyShapes } from "./notion-shapes.ts";

/** An error as Notion answers it. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface Column {
  readonly id: string;
  readonly type: string;
  /** A status's and a select's. */
  readonly options: string[];
}
export type Columns = Map<string, Column>;

export interface StoredPage {
  readonly id: string;
  readonly dataSource: string;
  /** By name, in the shape they were sent: `{ Status: { status: { name: "Done" } } }`. */
  properties: Record<string, unknown>;
  /** The same as people see them: `{ Status: "Done" }`; options, people, relations and files as lists. */
  readonly values: Record<string, unknown>;
  children: unknown[];
  icon: unknown;
  trashed: boolean;
}

const READ_ONLY = new Set([
  "formula",
  "rollup",
  "created_time",
  "created_by",
  "last_edited_time",
  "unique_id",
  "button",
]);

/** The properties by name, checked against the columns. New options of selects are added, as Notion does. */
export function checkProperties(properties: Record<string, unknown>, columns: Columns): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([given, value]) => {
      const [name, column] = columnOf(given, columns);
      const shape = propertyShapes[column.type];
      if (shape === undefined || READ_ONLY.has(column.type)) throw invalid(`${name} cannot be written.`);
      const typed = z.strictObject({ [column.type]: shape, type: z.literal(column.type).optional() }).safeParse(value);
      if (!typed.success) throw invalid(`${name} is expected to be ${column.type}. ${z.prettifyError(typed.error)}`);
      chooseOptions(name, column, seen(value));
      return [name, value];
    }),
  );
}

function chooseOptions(name: string, { type, options }: Column, chosen: unknown): void {
  for (const one of [chosen].flat().filter((choice) => typeof choice === "string")) {
    if (options.includes(one)) continue;
    if (type === "status") throw invalid(`Status option does not exist: ${name}.`);
    if (type === "select" || type === "multi_select") options.push(one);
  }
}

/** Whether a page meets a filter of the form `{ property, <type>: { equals } }`. */
export function matches(page: StoredPage, filter: Record<string, unknown>, columns: Columns): boolean {
  const { property, ...rest } = z.looseObject({ property: z.string() }).parse(filter);
  const [name, column] = columnOf(property, columns);
  const wanted = z
    .strictObject({ [column.type]: z.strictObject({ equals: z.union([z.string(), z.number(), z.boolean()]) }) })
    .parse(rest)[column.type];
  return page.values[name] === wanted?.equals;
}

function columnOf(nameOrId: string, columns: Columns): [name: string, column: Column] {
  const found = [...columns].find(([name, { id }]) => name === nameOrId || id === nameOrId);
  if (found === undefined) throw invalid(`${nameOrId} is not a property that exists.`);
  return found;
}

/** A property's value as people see it. */
export function seen(value: unknown): unknown {
  if (Array.isArray(value)) return value.every(isText) ? value.map(seen).join("") : value.map(seen);
  if (typeof value !== "object" || value === null) return value;
  const parts: { text?: { content: string }; name?: string; id?: string; start?: string } = value;
  if (parts.text !== undefined) return parts.text.content;
  if (parts.start !== undefined) return Object.keys(value).length === 1 ? parts.start : value;
  return parts.name ?? parts.id ?? seen(Object.values(value)[0]);
}

function isText(value: unknown): boolean {
  return typeof value === "object" && value !== null && "text" in value;
}

export function pageAnswer({ id, dataSource, properties, trashed, icon }: StoredPage): unknown {
  return {
    object: "page",
    id,
    parent: { type: "data_source_id", data_source_id: dataSource },
    url: `https://www.notion.so/${id.replaceAll("-", "")}`,
    archived: trashed,
    in_trash: trashed,
    icon: icon ?? null,
    properties,
  };
}

export function dataSourceAnswer(id: string, columns: Columns): unknown {
  const properties = [...columns].map(([name, column]) => [
    name,
    {
      id: column.id,
      name,
      type: column.type,
      [column.type]: column.options.length > 0 ? { options: column.options.map((option) => ({ name: option })) } : {},
    },
  ]);
  return { object: "data_source", id, properties: Object.fromEntries(properties) as unknown };
}

export function list(results: readonly unknown[]): unknown {
  return { object: "list", type: "page_or_data_source", results, has_more: false, next_cursor: null };
}

function invalid(message: string): Refusal {
  return new Refusal(400, "validation_error", message);
}
