import { cityOf, isTimeZone } from "./time-zone.ts";

interface Defaults {
  readonly timeZone: string;
  readonly locale: string;
}

interface Clock extends Defaults {
  readonly hourCycle: "h12" | "h23" | undefined;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;
const DATE = { weekday: "short", day: "numeric", month: "short" } as const;
const TIME = { hour: "numeric", minute: "2-digit" } as const;

/**
 * A time for a person: `Tue 1 Dec, 4:30 am (New York)`; in another language as that language writes it. The year is left out: an event tells
 * of times nearby, and `date` prints a year where one is wanted.
 *
 * `viewer` is a person (their zone, locale and clock, as far as known), the name of a zone, or nothing. `part` is `"date"` or `"time"` for
 * that part alone, without the zone. What is no instant (ISO 8601 with `Z` or an offset) gives the empty text.
 */
export function local(instant: unknown, viewer: unknown, part: unknown, defaults: Defaults): string {
  if (typeof instant !== "string" || !INSTANT.test(instant)) return "";
  const time = Date.parse(instant);
  if (Number.isNaN(time)) return "";
  const clock = clockOf(viewer, defaults);
  if (part === "date") return written(time, clock, DATE);
  if (part === "time") return written(time, clock, TIME);
  return `${written(time, clock, { ...DATE, ...TIME })} (${cityOf(clock.timeZone)})`;
}

function clockOf(viewer: unknown, defaults: Defaults): Clock {
  const person: { timeZone?: unknown; locale?: unknown; hourCycle?: unknown } =
    typeof viewer === "object" && viewer !== null ? viewer : { timeZone: viewer };
  return {
    timeZone: isTimeZone(person.timeZone) ? person.timeZone : defaults.timeZone,
    locale: isLocale(person.locale) ? person.locale : defaults.locale,
    hourCycle: person.hourCycle === 12 ? "h12" : person.hourCycle === 24 ? "h23" : undefined,
  };
}

function isLocale(value: unknown): value is string {
  if (typeof value !== "string") return false;
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(value).length === 1;
  } catch {
    return false; // not even the shape of one
  }
}

function written(time: number, { timeZone, locale, hourCycle }: Clock, fields: Intl.DateTimeFormatOptions): string {
  const format = new Intl.DateTimeFormat(locale, { ...fields, timeZone, ...(hourCycle && { hourCycle }) });
  const text = /^en\b/i.test(locale) ? inEnglish(format.formatToParts(time)) : format.format(time);
  return text.replaceAll(/[\u00a0\u202f]/g, " ");
}

/** One shape for all of English, whose regions disagree on order and commas: `Tue 1 Dec, 4:30 am`. */
function inEnglish(parts: readonly Intl.DateTimeFormatPart[]): string {
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  const date = [part("weekday"), part("day"), part("month")].join(" ").trim();
  const clock = [part("hour"), part("minute")].filter(Boolean).join(":");
  const time = `${clock} ${part("dayPeriod").toLowerCase()}`.trim();
  return [date, time].filter(Boolean).join(", ");
}
