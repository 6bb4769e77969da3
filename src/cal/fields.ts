import type { z } from "zod";
import type { Booking, Event, Person } from "../event.ts";
import { ANYTHING, BOOLEAN, either, list, mapping, NUMBER, TEXT, type Field } from "./field.ts";
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

const person = mapping({
  name: TEXT,
  email: TEXT,
  timeZone: TEXT,
  locale: TEXT,
  phone: TEXT,
  hourCycle: NUMBER,
} satisfies FieldsOf<Person>);

const STATUSES = ["ACCEPTED", "PENDING", "CANCELLED", "REJECTED", "AWAITING_HOST"];

const booking = mapping({
  key: TEXT,
  uid: TEXT,
  id: NUMBER,
  status: { ...TEXT, values: STATUSES },
  title: TEXT,
  type: TEXT,
  start: TEXT,
  end: TEXT,
  minutes: NUMBER,
  location: TEXT,
  meetingUrl: TEXT,
  price: NUMBER,
  currency: TEXT,
  sequence: NUMBER,
  organizer: person,
  attendee: person,
  attendees: list(person),
  guests: list(TEXT),
  cancellation: mapping({ reason: TEXT, by: TEXT, requestReschedule: BOOLEAN }),
  reschedule: mapping({ fromUid: TEXT, fromStart: TEXT, fromEnd: TEXT, by: TEXT, reason: TEXT }),
  rejection: mapping({ reason: TEXT }),
} satisfies FieldsOf<Booking>);

/** What filters and templates see of every event, whatever its trigger; `payload` is told by `payloadField`. */
export const EVENT_FIELDS = {
  trigger: { ...TEXT, values: TRIGGERS },
  createdAt: TEXT,
  payload: ANYTHING,
  booking,
  answers: ANYTHING,
  event: mapping({ id: TEXT, source: TEXT, receivedAt: TEXT } satisfies FieldsOf<
    Pick<Event, "id" | "source" | "receivedAt">
  >),
} satisfies FieldsOf<Pick<Event, "trigger" | "createdAt" | "payload" | "booking" | "answers">> & { event: Field };

// As far as the schemas of `cal` go: what they do not use is no known field.
function fieldOf(schema: z.core.$ZodType): Field {
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
