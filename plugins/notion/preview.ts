import { z } from "zod";
import type { Message, PropertyValue } from "./options.ts";

/** Which page it is, its properties with the kind of their values, and its body. What type a property has, only Notion knows. */
export function preview(message: Message): string {
  const { dataSource, database, key, properties, content, icon } = message;
  const place = dataSource === undefined ? `database ${database}` : `data source ${dataSource}`;
  const what = key === undefined ? "adds a page" : `updates the page with ${key} ${shown(properties[key])}, or adds it`;
  const rows = Object.entries(properties).map(([name, value]) => row(name, value, key !== undefined));
  return [
    place,
    what,
    "",
    ...(icon ? [`icon ${icon}`, ""] : []),
    ...aligned(rows),
    ...(content
      ? ["", `${key === undefined ? "body" : "body, where the page is added"}:`, readable(content).trimEnd()]
      : []),
  ].join("\n");
}

type Row = readonly [name: string, kind: string, value: string];

function row(name: string, value: PropertyValue, isKeyed: boolean): Row {
  if (value === null) return [name, "", isKeyed ? "(left as it is)" : "(empty)"];
  if (value === "") return [name, "", isKeyed ? "(cleared)" : "(empty)"];
  return [name, kindOf(value), shown(value)];
}

const KINDS = [
  ["date", z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })])],
  ["e-mail", z.email()],
  ["link", z.url({ protocol: /^https?$/ })],
] as const;

/** What a value would do for; any text does for a title, a text, a select or a status too. */
function kindOf(value: NonNullable<PropertyValue>): string {
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "date";
  if (typeof value === "boolean") return "checkbox";
  if (typeof value === "number") return "number";
  return KINDS.find(([, schema]) => schema.safeParse(value).success)?.[0] ?? "text";
}

function shown(value: PropertyValue | undefined): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.filter((one) => one !== null).join(", ");
  if (typeof value !== "object") return String(value).replaceAll(/\r?\n|\r/g, " ↵ ");
  const { start, end, time_zone: zone } = value;
  return `${start ?? ""}${end ? ` → ${end}` : ""}${zone ? ` (${zone})` : ""}`;
}

function aligned(rows: readonly Row[]): string[] {
  const [names, kinds] = [0, 1].map((column) => Math.max(0, ...rows.map((cells) => widthOf(cells[column] ?? ""))));
  return rows.map(([name, kind, value]) => `${pad(name, names)}  ${pad(kind, kinds)}  ${value}`.trimEnd());
}

function pad(text: string, width = 0): string {
  return text + " ".repeat(width - widthOf(text));
}

function widthOf(text: string): number {
  return Array.from(text).length;
}

/** Markdown without the signs that keep a guest's text from being read as Markdown. */
function readable(markdown: string): string {
  return markdown.replaceAll(/\\([!-/:-@[-`{-~])/g, "$1").replaceAll(/<(https?:\/\/[^\s<>]+)>/g, "$1");
}
