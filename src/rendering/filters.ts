import { filters as standard, toValue, type Liquid } from "liquidjs";
import { duration } from "./duration.ts";
import { createLocal } from "./local.ts";
import { money } from "./money.ts";
import { isTimeZone } from "./time-zone.ts";

/** Where and how times and money are shown when nobody has said. */
export interface RenderingDefaults {
  /** IANA name. */
  readonly timeZone: string;
  /** BCP 47. */
  readonly locale: string;
}

/** Epoch milliseconds: what `now` and `today` are to the filters of dates. */
export type Clock = () => number;

/** Adds the relay's own filters, and makes those of dates and `json` safe with whatever a payload holds. */
export function addFilters(liquid: Liquid, defaults: RenderingDefaults, clock: Clock): void {
  const local = createLocal(defaults);
  liquid.registerFilter("local", (instant, viewer, part) => local(toValue(instant), toValue(viewer), toValue(part)));
  liquid.registerFilter("duration", (minutes) => duration(toValue(minutes)));
  liquid.registerFilter("money", (amount, currency) => money(toValue(amount), toValue(currency), defaults.locale));

  // Liquid's own prints nothing for a missing value, which is not JSON.
  liquid.registerFilter("json", function json(value: unknown, space: unknown) {
    const text = JSON.stringify(toValue(value) ?? null, null, typeof space === "number" ? space : 0);
    this.context.memoryLimit.use(text.length);
    return text;
  });

  for (const name of DATES) {
    const filter = standard[name];
    if (typeof filter !== "function") throw new TypeError(`liquidjs has no filter ${name}`);
    liquid.registerFilter(name, function dateByClock(value: unknown, ...args: unknown[]) {
      return filter.call(this, instantOf(value, clock), ...args);
    });
  }

  // Liquid's own throws on a zone that does not exist, and zones come from payloads. It reads wall clocks by way of the process's zone, and
  // is an hour off around that zone's own changes of the clock: the process has to run with TZ=UTC.
  const date = standard["date"];
  if (typeof date !== "function") throw new TypeError("liquidjs has no date filter");
  liquid.registerFilter("date", function dateInZone(value: unknown, format: unknown, zone: unknown) {
    const known = typeof zone === "number" || isTimeZone(zone) ? zone : undefined;
    return date.call(this, instantOf(value, clock), format, known);
  });
}

const DATES = ["date_to_xmlschema", "date_to_rfc822", "date_to_string", "date_to_long_string"];

/** Liquid reads the machine's own clock for these words. */
function instantOf(value: unknown, clock: Clock): unknown {
  const plain = toValue(value);
  return plain === "now" || plain === "today" ? new Date(clock()) : value;
}
