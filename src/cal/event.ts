import type { Event, Json } from "../event.ts";
import { completeBooking } from "./known.ts";
import type { Reading } from "./read.ts";

/** The event that a reading makes, with the booking as it is known by then; `known` is what to keep of it. Pure. */
export function eventOf(
  reading: Reading,
  arrived: Pick<Event, "id" | "source" | "receivedAt" | "body">,
  bookingKey: string,
  knownBefore: Json | null,
): { readonly event: Event; readonly known: Json | null } {
  const { trigger, payload, answers, drift } = reading;
  const { booking, recency, known } = completeBooking(reading, bookingKey, knownBefore, arrived.receivedAt);
  const createdAt = reading.createdAt ?? arrived.receivedAt;
  return { event: { ...arrived, trigger, createdAt, payload, booking, recency, answers, drift }, known };
}

/** The event of a reading that comes after `earlier` ones, which are of the same booking. */
export function eventAfter(
  earlier: readonly Reading[],
  reading: Reading,
  arrived: Pick<Event, "id" | "source" | "receivedAt" | "body">,
): Event {
  const key = reading.identity?.uid ?? arrived.id;
  const known = earlier.reduce<Json | null>((before, one) => eventOf(one, arrived, key, before).known, null);
  return eventOf(reading, arrived, key, known).event;
}
