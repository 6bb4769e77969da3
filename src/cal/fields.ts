import type { z } from "zod";
import type { Booking, Event, Person } from "../event.ts";
import { ANYTHING, BOOLEAN, described, either, list, mapping, NUMBER, TEXT, type Field } from "./field.ts";
import { payloadSchema } from "./schemas/index.ts";
import { TRIGGERS } from "./triggers.ts";

/** The fields of a trigger's payload, as its schema has them; of an unknown trigger nothing is known. */
export function payloadField(trigger: string): Field {
  const known = PAYLOADS.get(trigger);
  if (known !== undefined) return known;
  const schema = payloadSchema(trigger);
  const field = schema === undefined ? ANYTHING : fieldOf(schema);
  PAYLOADS.set(trigger, field);
  return field;
}

// Made when first asked for: most commands ask for none.
const PAYLOADS = new Map<string, Field>();

type FieldsOf<T> = Readonly<Record<keyof T, Field>>;

const text = (description: string): Field => described(TEXT, description);
const number = (description: string): Field => described(NUMBER, description);

const PERSON = {
  name: text("the person's name"),
  email: text("the person's address"),
  timeZone: text("IANA time zone, such as America/New_York"),
  locale: text("the person's language, such as en or pt-BR"),
  phone: text("the person's phone number"),
  hourCycle: number("clock preference: 12 or 24"),
} satisfies FieldsOf<Person>;

const STATUSES = ["ACCEPTED", "PENDING", "CANCELLED", "REJECTED", "AWAITING_HOST"];

const booking = mapping({
  key: text("the booking's identity, the same through every reschedule"),
  uid: text("the booking's id in links; a new one after each reschedule. Who has it can cancel the booking"),
  id: number("the booking's number"),
  status: { ...text(STATUSES.join(", ")), values: STATUSES },
  title: text("the booking's title"),
  type: text("the event type's slug"),
  start: text("when it starts: ISO in UTC"),
  end: text("when it ends: ISO in UTC"),
  minutes: number("how long it takes"),
  location: text("an address, URL or phone number, or a kind such as integrations:daily"),
  meetingUrl: text("the call's link"),
  price: number("in the currency's minor unit"),
  currency: text("such as usd"),
  sequence: number("grows with each change of the booking"),
  organizer: described(mapping(PERSON), "the host"),
  attendee: described(mapping(PERSON), "the first attendee"),
  attendees: described(list(mapping(PERSON)), "who booked, then added guests"),
  guests: described(list(TEXT), "addresses of added guests"),
  cancellation: mapping({
    reason: text("why it was cancelled"),
    by: text("address of who cancelled it"),
    requestReschedule: described(BOOLEAN, "whether the host asks for another time"),
  }),
  reschedule: mapping({
    fromUid: text("the uid before the reschedule"),
    fromStart: text("when it was to start before: ISO in UTC"),
    fromEnd: text("when it was to end before: ISO in UTC"),
    by: text("address of who rescheduled it"),
    reason: text("why it was rescheduled"),
  }),
  rejection: mapping({ reason: text("why the host declined") }),
} satisfies FieldsOf<Booking>);

/** What filters and templates see of every event, whatever its trigger; `payload` is told by `payloadField`. */
export const EVENT_FIELDS = {
  trigger: { ...text("what happened, such as BOOKING_CREATED"), values: TRIGGERS },
  createdAt: text("when Cal.com says it happened: ISO in UTC"),
  payload: ANYTHING,
  booking,
  answers: described({ types: [], others: ANYTHING }, "answers to the booking's or form's questions, by slug"),
  event: mapping({
    id: text("the relay's id of the event"),
    source: text("the source it came from"),
    receivedAt: text("when the relay received it: ISO in UTC"),
  } satisfies FieldsOf<Pick<Event, "id" | "source" | "receivedAt">>),
} satisfies FieldsOf<Pick<Event, "trigger" | "createdAt" | "payload" | "booking" | "answers">> & { event: Field };

/** A field of a schema, with what the schema says of it. */
function fieldOf(schema: z.core.$ZodType): Field {
  const { description } = schema as z.ZodType;
  const field = shapeOf(schema);
  return description === undefined ? field : described(field, description);
}

// As far as the schemas of `cal` go: what they do not use is no known field.
function shapeOf(schema: z.core.$ZodType): Field {
  // oxlint-disable-next-line no-underscore-dangle -- zod's documented way in
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "string":
      return TEXT;
    case "number":
      return NUMBER;
    case "boolean":
      return BOOLEAN;
    case "optional":
    case "nullable":
      return fieldOf(def.innerType);
    case "object":
      return mapping(Object.fromEntries(Object.entries(def.shape).map(([name, one]) => [name, fieldOf(one)])));
    case "record":
      return { types: [], others: fieldOf(def.valueType) };
    case "array":
      return list(fieldOf(def.element));
    case "union":
      return def.options.map(fieldOf).reduce(either);
    default:
      return ANYTHING;
  }
}
