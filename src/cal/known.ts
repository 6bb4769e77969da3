import { z } from "zod";
import { isOlder, type Booking, type Json, type Recency } from "../event.ts";
import { complete, type KnownFields } from "./merge.ts";
import { NOBODY } from "./people.ts";
import type { Reading } from "./read.ts";

export interface Completion {
  /** What the event says, completed with what other events said of the same booking. */
  readonly booking: Booking;
  /** See `Event.recency`. */
  readonly recency: Recency | null;
  /** The view to keep for the next event; null for an event without a booking. */
  readonly known: Json | null;
}

/**
 * Merges one event with what is `known`: null, or the `known` of an earlier call. Newer wins field by field, null never overwrites, so
 * events of one booking may come in any order. Newer is the higher `iCalSequence` where both have one and they differ, else the later
 * `createdAt`, or `receivedAt` (ISO in UTC) where the body does not say. A partial event, the cancellation
 * of one seat, and an event older than what is known only fill gaps of the kept view; the latter two are still shown as they speak
 * themselves, completed with the rest.
 *
 * Never throws: a kept view that cannot be read, such as another version's, counts as none.
 */
export function completeBooking(
  reading: Reading,
  bookingKey: string,
  known: Json | null,
  receivedAt: string,
): Completion {
  const { isPartial, isOneSeat, ...said } = reading.said;
  if (reading.identity === null) return { booking: toBooking(bookingKey, said), recency: null, known: null };
  const onlyFills = isPartial || isOneSeat;
  const kept = View.safeParse(known).data ?? null;
  const order = { sequence: said.sequence, at: reading.createdAt ?? receivedAt };
  if (kept === null) {
    const recency = onlyFills ? null : order;
    return { booking: toBooking(bookingKey, said), recency, known: viewOf(said, recency) };
  }

  const isLate = kept.order !== null && isOlder(order, kept.order);
  const isBehind = onlyFills || isLate;
  const fields = isBehind ? complete(kept.fields, said) : complete(said, kept.fields);
  const shown = isPartial ? { ...fields, ...rowOf(said, kept.fields) } : complete(said, kept.fields);
  const newest = isBehind ? kept.order : { ...order, sequence: fields.sequence };
  return {
    booking: toBooking(bookingKey, shown),
    // A partial event shows the kept view, so it is as recent as that, whenever it was sent itself: it neither goes behind the newest full
    // event nor ahead of a full one that is still to come. One seat's cancellation, not being the booking's, goes ahead of nothing either.
    recency: isLate && !isPartial ? order : newest,
    known: viewOf(fields, newest),
  };
}

/** One view of two that turn out to be of one booking: the newer one, completed by the other. As total as `completeBooking`. */
export function uniteKnown(one: Json, other: Json): Json {
  const [a, b] = [one, other].map((known) => View.safeParse(known).data);
  if (a === undefined || b === undefined) return a === undefined ? other : one;
  const isBehind = a.order === null || (b.order !== null && isOlder(a.order, b.order));
  const [front, back] = isBehind ? [b, a] : [a, b];
  return viewOf(complete(front.fields, back.fields), front.order);
}

/** A partial event is shown with the newest view of the booking, but speaks of its own row of it. */
function rowOf(said: KnownFields, kept: KnownFields): Pick<KnownFields, "uid" | "id"> {
  return { uid: said.uid ?? kept.uid, id: said.id ?? (said.uid === kept.uid ? kept.id : null) };
}

function toBooking(key: string, fields: KnownFields): Booking {
  return { key, ...fields, attendee: fields.attendees[0] ?? NOBODY, guests: fields.guests ?? [] };
}

function viewOf(fields: KnownFields, order: Recency | null): Json {
  return {
    order: order === null ? null : { ...order },
    fields: {
      ...fields,
      organizer: { ...fields.organizer },
      attendees: fields.attendees.map((person) => ({ ...person })),
      guests: fields.guests === null ? null : [...fields.guests],
      cancellation: { ...fields.cancellation },
      reschedule: { ...fields.reschedule },
      rejection: { ...fields.rejection },
    },
  };
}

const text = z.string().nullable();
const number = z.number().nullable();

const Person = z.object({
  name: text.describe("full name"),
  email: text.describe("address"),
  timeZone: text.describe("IANA name"),
  locale: text.describe("BCP 47"),
  phone: text.describe("phone number"),
  hourCycle: z
    .union([z.literal(12), z.literal(24)])
    .nullable()
    .describe("clock preference"),
});

const Fields = z.object({
  uid: text.describe("uid of the newest row"),
  id: number.describe("number of that row"),
  status: text.describe("upper case"),
  title: text.describe("as rendered"),
  type: text.describe("the event type's slug"),
  start: text.describe("ISO in UTC"),
  end: text.describe("ISO in UTC"),
  minutes: number.describe("how long"),
  location: text.describe("as sent"),
  meetingUrl: text.describe("where to join"),
  price: number.describe("minor unit"),
  currency: text.describe("as sent"),
  sequence: number.describe("iCalSequence"),
  organizer: Person.describe("the host"),
  attendees: z.array(Person).describe("who booked, then added guests"),
  guests: z.array(z.string()).nullable().describe("addresses; null where nobody has said"),
  cancellation: z
    .object({
      reason: text.describe("why"),
      by: text.describe("address"),
      requestReschedule: z.boolean().nullable().describe("whether the host asks for another time"),
    })
    .describe("while cancelled"),
  reschedule: z
    .object({
      fromUid: text.describe("the row before"),
      fromStart: text.describe("ISO in UTC"),
      fromEnd: text.describe("ISO in UTC"),
      by: text.describe("address"),
      reason: text.describe("why"),
    })
    .describe("how this row came about"),
  rejection: z.object({ reason: text.describe("why") }).describe("while rejected"),
}) satisfies z.ZodType<KnownFields>;

/** What `known` holds: `order` is the newest full event's, and null while only partial ones have come. */
const View = z.object({
  order: z
    .object({ sequence: number.describe("iCalSequence"), at: z.string().describe("ISO in UTC") })
    .nullable()
    .describe("order of the newest full event"),
  fields: Fields.describe("what is known"),
});
