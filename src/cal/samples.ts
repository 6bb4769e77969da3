import { readFileSync } from "node:fs";
import { PING, TRIGGERS } from "./triggers.ts";

/** One booking from beginning to end, each event naming the uid before it. */
export const chain: readonly string[] = [
  "BOOKING_CREATED",
  "BOOKING_RESCHEDULED",
  "BOOKING_RESCHEDULED.again",
  "BOOKING_CANCELLED",
];

const ODD_JSON = ["BOOKING_RESCHEDULED.again"] as const;

/** Bodies that are not JSON objects: a custom template of fields, and what Cal.com sends when a template's output is no longer JSON. */
const TEXTS: Readonly<Record<string, string>> = {
  "TEMPLATE.form":
    "triggerEvent=BOOKING_CREATED&title=Strategy session between Mara Lindqvist and Priya Raman&start=2026-12-01T09:30:00Z&guest=priya@example.org",
  "TEMPLATE.false": "false",
};

/** Every bundled body: each trigger's by its name, odd cases by `TRIGGER.case`. */
export const sampleNames: readonly string[] = [...TRIGGERS, PING, ...ODD_JSON, ...Object.keys(TEXTS)];

/** The body as Cal.com would send it: compact JSON, or a template's text. Read from disk when asked for. Throws for an unknown name. */
export function sample(name: string): string {
  if (!sampleNames.includes(name)) throw new RangeError(`no sample named ${name}`);
  const text = TEXTS[name];
  if (text !== undefined) return text;
  const json: unknown = JSON.parse(readFileSync(new URL(`samples/${name}.json`, import.meta.url), "utf8"));
  return JSON.stringify(json);
}
