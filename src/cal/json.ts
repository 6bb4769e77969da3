import type { Json } from "../event.ts";

export type JsonObject = { readonly [key: string]: Json };

/** The value at a path of own properties; undefined where the path ends early. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let current = value;
  for (const key of path) {
    const object = objectOf(current);
    if (object === null || !Object.hasOwn(object, key)) return undefined;
    current = object[key];
  }
  return current;
}

export function objectOf(value: Json | undefined): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
}

/** Empty for anything but an array. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** A text that says something: blank ones are null, as Cal.com sends `""` for what nobody filled in. */
export function textOf(value: Json | undefined): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.toWellFormed() : null;
}

/** A finite number, also from the digits that a template or a form body prints. */
export function numberOf(value: Json | undefined): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" && /^-?\d{1,15}(\.\d{1,9})?$/.test(value) ? Number(value) : null;
}

export function integerOf(value: Json | undefined): number | null {
  const number = numberOf(value);
  return Number.isSafeInteger(number) ? number : null;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** Any of Cal.com's spellings of an instant, as ISO in UTC with milliseconds and `Z`. Local times, which name no instant, are null. */
export function instantOf(value: Json | undefined): string | null {
  if (typeof value !== "string" || !INSTANT.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

const UID = /^[^\s\p{C}]{1,200}$/u;

/** A booking's uid, or null for what could not be one: it is kept as a key, so control characters and novels stay out. */
export function uidOf(value: Json | undefined): string | null {
  return typeof value === "string" && UID.test(value) ? value : null;
}

/** The same text for the same value, whatever the order of its keys. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const object = objectOf(value);
  if (object === null) return JSON.stringify(value);
  const entries = Object.keys(object).toSorted();
  return `{${entries.map((key) => `${JSON.stringify(key)}:${canonical(object[key] ?? null)}`).join(",")}}`;
}

/** Whether values nest deeper than `levels`. Iterative, since it judges what recursion could not bear. */
export function isDeeperThan(value: Json, levels: number): boolean {
  let level: Json[] = [value];
  for (let depth = 0; depth <= levels; depth++) {
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
    if (level.length === 0) return false;
  }
  return true;
}
