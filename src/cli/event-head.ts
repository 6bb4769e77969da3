import type { Event } from "../event.ts";
import { colour } from "./io.ts";
import { printable } from "./printable.ts";
import { time } from "./table.ts";

/** What an event is, in two lines, and where it drifts. */
export function eventHead({ id, trigger, source, createdAt, booking, drift }: Event, isStored: boolean): string {
  const title = booking.title === null ? "" : `  ${booking.title.replaceAll(/\s+/g, " ")}`;
  const about = [
    ...(isStored ? [id] : []),
    `from ${source}`,
    `sent ${time(Date.parse(createdAt))}`,
    ...(booking.key === id ? [] : [`booking ${booking.key}`]),
  ];
  return [
    `${colour("bold", printable(trigger ?? "(no trigger)"))}${printable(title)}`,
    colour("dim", printable(about.join(" · "))),
    ...drift.map((one) => `${colour("yellow", "drift")}  ${one}`),
  ].join("\n");
}
