import type { z } from "zod";
import type { Json } from "../event.ts";
import { payloadSchema } from "./schemas/index.ts";

const MAX_MESSAGES = 20;

/**
 * Where a payload does not fit its trigger's schema: `payload.startTime: expected string, got number`. Empty where it fits, and for a
 * trigger without a schema. Names types and never values; a key that is no plain name, such as an address, shows as `*`.
 */
export function driftOf(trigger: string | null, payload: Json): readonly string[] {
  const result = trigger === null ? undefined : payloadSchema(trigger)?.safeParse(payload);
  if (result === undefined || result.success) return [];
  return [...new Set(result.error.issues.map((issue) => describe(issue, payload)))].slice(0, MAX_MESSAGES);
}

function describe(issue: z.core.$ZodIssue, payload: Json): string {
  const path = ["payload", ...issue.path.map(shown)].join(".");
  return `${path}: expected ${expectedOf(issue)}, got ${typeAt(payload, issue.path)}`;
}

function expectedOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return issue.expected;
  if (issue.code === "invalid_format") return "ISO 8601 time";
  if (issue.code !== "invalid_union") return "something else";
  const branches = issue.errors.flatMap(([first]) => (first === undefined ? [] : expectedOf(first)));
  return [...new Set(branches)].join(" or ");
}

function shown(segment: PropertyKey): string {
  return /^\w{1,40}$/.test(String(segment)) ? String(segment) : "*";
}

function typeAt(payload: Json, path: readonly PropertyKey[]): string {
  let value: unknown = payload;
  for (const segment of path)
    value = typeof value === "object" && value !== null ? Reflect.get(value, segment) : undefined;
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
