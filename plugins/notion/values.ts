import type { CreatePageParameters } from "@notionhq/client";
import { z } from "zod";
import type { Property } from "./data-source.ts";
import { notionId, type PropertyValue } from "./options.ts";
import { capItems, pieces } from "./text.ts";

export type PropertyRequest = NonNullable<CreatePageParameters["properties"]>[string];

/** The value is not one of its property's type. The message says what is expected and never repeats the value. */
export class Unfit extends Error {}

type Scalar = string | number | boolean;

interface Target {
  readonly property: Property;
  /** Called where the value had to be shortened. */
  readonly cut: () => void;
}

const FILLED_BY_NOTION = new Set([
  "formula",
  "rollup",
  "created_time",
  "created_by",
  "last_edited_time",
  "last_edited_by",
  "last_visited_time",
  "unique_id",
  "button",
]);

/**
 * The value in the shape its property's type asks for. A blank text is the type's own way to be empty. Throws `Unfit`.
 * Limits: https://developers.notion.com/reference/request-limits
 */
export function toRequest(given: NonNullable<PropertyValue>, target: Target): PropertyRequest {
  const value = typeof given === "string" && given.trim() === "" ? "" : given;
  const { type, options } = target.property;
  if (FILLED_BY_NOTION.has(type)) throw new Unfit("is filled in by Notion and cannot be written");
  switch (type) {
    case "title":
      return { title: richText(value, target) };
    case "rich_text":
      return { rich_text: richText(value, target) };
    case "number":
      return { number: number(value) };
    case "checkbox":
      return { checkbox: checkbox(value) };
    case "select":
      return { select: option(text(value).trim()) };
    case "status":
      return { status: listed(option(text(value).trim()), options) };
    case "multi_select":
      return { multi_select: items(value, "options").map((one) => option(one) ?? { name: one }) };
    case "date":
      return { date: date(value) };
    case "email":
      return { email: short(value, 200) };
    case "phone_number":
      return { phone_number: short(value, 200) };
    case "url":
      return { url: short(value, 2_000) };
    case "people":
      return { people: items(value, "people").map(person) };
    case "relation":
      return { relation: items(value, "pages").map((one) => ({ id: pageId(one) })) };
    case "files":
      return { files: items(value, "files").map(file) };
    default:
      throw new Unfit("is of a type that cannot be written");
  }
}

function text(value: NonNullable<PropertyValue>): string {
  if (typeof value === "object") throw new Unfit("expects text");
  return String(value);
}

/** A list is written out with commas: guests, for example. */
function richText(value: NonNullable<PropertyValue>, { cut }: Target): { text: { content: string } }[] {
  const whole = Array.isArray(value) ? value.filter((one) => one !== null).join(", ") : text(value);
  return capItems(pieces(whole), cut).map((content) => ({ text: { content } }));
}

/** Templates often put a number out as text. */
function number(value: NonNullable<PropertyValue>): number | null {
  if (value === "") return null;
  const found = typeof value === "string" && /^\s*-?\d+(\.\d+)?(e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : value;
  if (typeof found !== "number" || !Number.isFinite(found)) throw new Unfit("expects a number");
  return found;
}

function checkbox(value: NonNullable<PropertyValue>): boolean {
  if (typeof value === "boolean") return value;
  if (value === "true") return true;
  if (value === "false" || value === "") return false;
  throw new Unfit("expects true or false");
}

function option(name: string): { name: string } | null {
  if (name === "") return null;
  if (name.includes(",")) throw new Unfit("expects an option without a comma in its name");
  if (name.length > 100) throw new Unfit("expects an option of at most 100 characters");
  return { name };
}

function listed(chosen: { name: string } | null, options: readonly string[] = []): { name: string } | null {
  if (chosen !== null && !options.includes(chosen.name))
    throw new Unfit(`expects one of its options: ${options.map((name) => JSON.stringify(name)).join(", ")}`);
  return chosen;
}

/** A list, or text with commas between its items. */
function items(value: NonNullable<PropertyValue>, what: string): string[] {
  const found = Array.isArray(value)
    ? value.filter((one): one is Scalar => one !== null).map(String)
    : text(value).split(",");
  const distinct = [...new Set(found.map((one) => one.trim()).filter((one) => one !== ""))];
  if (distinct.length > 100) throw new Unfit(`expects at most 100 ${what}`);
  return distinct;
}

function short(value: NonNullable<PropertyValue>, most: number): string | null {
  const found = text(value).trim();
  if (found.length > most) throw new Unfit(`expects at most ${most} characters`);
  return found === "" ? null : found;
}

function person(given: string): { id: string } {
  if (given.includes("@")) throw new Unfit("expects Notion user ids: Notion cannot find people by e-mail address");
  const id = notionId(given);
  if (id === undefined) throw new Unfit("expects Notion user ids");
  return { id };
}

function pageId(given: string): string {
  const id = notionId(given);
  if (id === undefined) throw new Unfit("expects ids or links of Notion pages");
  return id;
}

function file(url: string): { name: string; external: { url: string } } {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new Unfit("expects web addresses");
  if (url.length > 2_000) throw new Unfit("expects addresses of at most 2,000 characters");
  return { name: (new URL(url).pathname.split("/").pop() || url).slice(0, 100), external: { url } };
}

const day = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })]);
const blank = z.union([z.null(), z.literal("")]).transform(() => undefined);
const dateParts = z.strictObject({
  start: day,
  end: z.union([day, blank]).optional(),
  time_zone: z.union([z.string().refine(isTimeZone), blank]).optional(),
});

function date(value: NonNullable<PropertyValue>): { start: string; end?: string; time_zone?: string } | null {
  const given = typeof value === "string" ? { start: value } : value;
  if (typeof given === "object" && !Array.isArray(given) && given["start"] === "") return null;
  const { success, data } = dateParts.safeParse(given);
  if (!success) throw new Unfit("expects an ISO date or date-time, or { start, end, time_zone } with such times");
  const { start, end, time_zone: zone } = data;
  if (end !== undefined && Date.parse(end) < Date.parse(start))
    throw new Unfit("expects an end that is not before its start");
  return {
    start: inZone(start, zone),
    ...(end === undefined ? {} : { end: inZone(end, zone) }),
    ...(zone === undefined ? {} : { time_zone: zone }),
  };
}

/** Beside a time zone Notion takes the zone's own clock time only, so an instant is turned into that. */
function inZone(time: string, zone: string | undefined): string {
  if (zone === undefined || !/T.*(Z|[+-]\d\d:?\d\d)$/.test(time)) return time;
  // Swedish dates are written as ISO has them.
  return new Date(time).toLocaleString("sv-SE", { timeZone: zone }).replace(" ", "T");
}

/** Every name that the runtime can reckon with, old ones such as Asia/Calcutta included; offsets are no zones to Notion. */
function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone);
  } catch {
    return false;
  }
}
