import type { Json, Person } from "../event.ts";
import { at, textOf } from "./json.ts";

export const NOBODY: Person = { name: null, email: null, timeZone: null, locale: null, phone: null, hourCycle: null };

/** A person as any trigger writes one: organizers, attendees, database rows with a bare `locale`, no-show entries with an address alone. */
export function personOf(value: Json | undefined): Person {
  return {
    name: textOf(at(value, "name")) ?? fullNameOf(value),
    email: textOf(at(value, "email")),
    timeZone: textOf(at(value, "timeZone")),
    locale: textOf(at(value, "language", "locale")) ?? textOf(at(value, "locale")),
    phone: textOf(at(value, "phoneNumber")),
    hourCycle: hourCycleOf(at(value, "timeFormat")),
  };
}

export function isNobody(person: Person): boolean {
  return Object.values(person).every((value) => value === null);
}

/** `front`, its gaps filled from `back` where both are the same person. */
export function completePerson(front: Person, back: Person): Person {
  if (isNobody(front)) return back;
  return isSame(front, back) ? filled(front, back) : front;
}

/** The people of `front`, each completed from `back` by address; `back` where `front` names nobody. */
export function completePeople(front: readonly Person[], back: readonly Person[]): readonly Person[] {
  if (front.length === 0) return back;
  // From the end, so that of two with one address the first counts.
  const byAddress = new Map(back.toReversed().map((person) => [addressOf(person), person]));
  return front.map((person) => {
    const same = person.email === null ? undefined : byAddress.get(addressOf(person));
    return same === undefined ? person : filled(person, same);
  });
}

/** From `firstName` and `lastName`, as answers and some attendees have them. */
export function fullNameOf(value: Json | undefined): string | null {
  const parts = [textOf(at(value, "firstName")), textOf(at(value, "lastName"))];
  return textOf(parts.filter((part) => part !== null).join(" "));
}

function isSame(one: Person, other: Person): boolean {
  if (one.email === null || other.email === null) return one.name === other.name;
  return addressOf(one) === addressOf(other);
}

function addressOf({ email }: Person): string | null {
  return email === null ? null : email.toLowerCase();
}

function filled(front: Person, back: Person): Person {
  return {
    name: front.name ?? back.name,
    email: front.email ?? back.email,
    timeZone: front.timeZone ?? back.timeZone,
    locale: front.locale ?? back.locale,
    phone: front.phone ?? back.phone,
    hourCycle: front.hourCycle ?? back.hourCycle,
  };
}

/** `h:mma` or `HH:mm`; some payment events have the number instead. */
function hourCycleOf(timeFormat: Json | undefined): 12 | 24 | null {
  if (timeFormat === 12 || timeFormat === 24) return timeFormat;
  if (typeof timeFormat !== "string") return null;
  if (timeFormat.includes("H")) return 24;
  return timeFormat.includes("h") ? 12 : null;
}
