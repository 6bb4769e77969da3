import { readFileSync } from "node:fs";
import type { Event } from "../event.ts";
import { eventAfter } from "./event.ts";
import { readBody, type Reading } from "./read.ts";
import { PING, TRIGGERS } from "./triggers.ts";

/** One booking from beginning to end: made, moved twice, cancelled. Each reschedule has a new uid and names the one before. */
export const chain: readonly string[] = [
  "BOOKING_CREATED",
  "BOOKING_RESCHEDULED",
  "BOOKING_RESCHEDULED.again",
  "BOOKING_CANCELLED",
];

/** What else is met in the field, in files of these names. */
const ODD = [
  "BOOKING_REQUESTED.reschedule",
  "BOOKING_CREATED.confirmed-reschedule",
  "BOOKING_CREATED.old",
  "BOOKING_CREATED.recurring",
  "BOOKING_CREATED.recurring-second",
  "BOOKING_CREATED.seat",
  "BOOKING_CREATED.second-seat",
  "BOOKING_CREATED.team",
  "BOOKING_PAID.without-metadata",
  "BOOKING_RESCHEDULED.again",
  "BOOKING_CANCELLED.old",
  "BOOKING_CANCELLED.request-reschedule",
  "BOOKING_CANCELLED.seat",
  "MEETING_STARTED.wrapped",
  "MEETING_ENDED.old",
  "BOOKING_NO_SHOW_UPDATED.undone",
  "AFTER_HOSTS_CAL_VIDEO_NO_SHOW.second-host",
  "OOO_CREATED.updated",
  "TEMPLATE",
] as const;

/** Templated bodies that are no JSON object: fields, and what Cal.com sends when a template's output is no longer JSON. */
const TEXTS: Readonly<Record<string, string>> = {
  "TEMPLATE.form":
    "triggerEvent=BOOKING_CREATED&title=Strategy session with Mara Lindqvist &amp; Priya Raman&guest=priya@example.org&phone=+12125550147",
  "TEMPLATE.false": "false",
};

/** Every bundled body: each trigger's and PING's by its name, odd cases by `TRIGGER.case`, custom templates by `TEMPLATE`. */
export const sampleNames: readonly string[] = [...TRIGGERS, PING, ...ODD, ...Object.keys(TEXTS)];

/** A body as Cal.com would send it: compact JSON, or a template's text. Read from disk when asked for. Throws for an unknown name. */
export function sample(name: string): string {
  if (!sampleNames.includes(name)) throw new RangeError(`no sample named ${JSON.stringify(name)}`);
  const text = TEXTS[name];
  if (text !== undefined) return text;
  const json: unknown = JSON.parse(readFileSync(new URL(`samples/${name}.json`, import.meta.url), "utf8"));
  return JSON.stringify(json);
}

/** Of the booking that thin samples are of. */
const BEFORE_THIN = "BOOKING_REASSIGNED";

/**
 * The event that a bundled sample makes, received when it was sent; a thin one, such as BOOKING_NO_SHOW_UPDATED, as it is once the relay
 * knows the booking. Throws for an unknown name.
 */
export function sampleEvent(name: string, source = "cal"): Event {
  const body = sample(name);
  const reading = readSample(body);
  const before = reading.said.isPartial ? [readSample(sample(BEFORE_THIN))] : [];
  const earlier = before.filter(({ identity }) => identity?.uid === reading.identity?.uid);
  const event = eventAfter(earlier, reading, {
    id: "evt_example",
    source,
    receivedAt: "2026-12-06T09:00:00.000Z",
    body,
  });
  return { ...event, receivedAt: event.createdAt };
}

/** Samples fit their schemas, and the schemas take longer to set up than all the rest. */
function readSample(body: string): Reading {
  return readBody(body, () => []);
}
