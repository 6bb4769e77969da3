import type { Booking, Person } from "../event.ts";
import type { Scope } from "../rendering/renderer.ts";
import { formatPath, type Path } from "./problem.ts";
import { instead } from "./wording.ts";

/** What is wrong with a variable of a template, such as `["booking", "titel"]`, or null. */
export function unknownVariable(segments: readonly unknown[]): string | null {
  // What a variable as a key leads to shows only when it is rendered.
  const end = segments.findIndex((segment) => typeof segment !== "string" && typeof segment !== "number");
  const steps = (end === -1 ? segments : segments.slice(0, end)) as Path;
  return faultIn(steps, (entry) => ({ first: entry, last: entry, size: "value" }));
}

/** What is wrong with a path of a filter below its root, such as `booking.titel`, or null. Through a list it leads into every entry. */
export function unknownPath(path: string): string | null {
  const steps = path.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return Object.hasOwn(SCOPE, steps[0] ?? "") ? faultIn(steps, (entry) => entry) : null;
}

/** `ofList` tells the fields of a list from what its entries are. */
function faultIn(path: Path, ofList: (entry: Field) => Field): string | null {
  let field: Field = SCOPE;
  for (const [depth, step] of path.entries()) {
    if (isList(field) && typeof step === "number") {
      field = field[0];
      continue;
    }
    const fields = isList(field) ? ofList(field[0]) : field;
    if (typeof fields === "string" || isList(fields)) return null;
    const next = Object.hasOwn(fields, step) ? fields[step] : undefined;
    if (next === undefined) return fault(path.slice(0, depth), String(step), Object.keys(fields));
    field = next;
  }
  return null;
}

function fault(parents: Path, name: string, known: readonly string[]): string {
  const what = parents.length === 0 ? "unknown variable" : `${formatPath(parents)} has no field`;
  return `${what} ${JSON.stringify(name)}${instead(name, known)}`;
}

function isList(field: Field): field is readonly [Field] {
  return Array.isArray(field);
}

/** The fields of a mapping, what the entries of a list are, a plain value, or what only the sender knows. */
type Field = Fields | readonly [Field] | "value" | "anything";
type Fields = { readonly [name: string]: Field };
type FieldsOf<T> = Readonly<Record<keyof T, Field>>;

const person = {
  name: "value",
  email: "value",
  timeZone: "value",
  locale: "value",
  phone: "value",
  hourCycle: "value",
} satisfies FieldsOf<Person>;

const booking = {
  key: "value",
  uid: "value",
  id: "value",
  status: "value",
  title: "value",
  type: "value",
  start: "value",
  end: "value",
  minutes: "value",
  location: "value",
  meetingUrl: "value",
  price: "value",
  currency: "value",
  sequence: "value",
  organizer: person,
  attendee: person,
  attendees: [person],
  guests: ["value"],
  cancellation: { reason: "value", by: "value", requestReschedule: "value" },
  reschedule: { fromUid: "value", fromStart: "value", fromEnd: "value", by: "value", reason: "value" },
  rejection: { reason: "value" },
} satisfies FieldsOf<Booking>;

const SCOPE = {
  trigger: "value",
  createdAt: "value",
  payload: "anything",
  booking,
  answers: "anything",
  event: { id: "value", source: "value", receivedAt: "value" },
  route: "value",
} satisfies FieldsOf<Scope>;
