import type { Json } from "../event.ts";
import { at, objectOf, textOf, type JsonObject } from "./json.ts";
import { fullNameOf } from "./people.ts";

/**
 * Answers to a booking's or form's questions, slug → plain value. Senders wrap them differently: `{ label, value }` (bookings),
 * `{ value, response }` (forms), bare (INSTANT_MEETING, old MEETING_*). What nobody answered is absent.
 */
export function answersOf(payload: Json): { [slug: string]: Json } {
  const all = {
    ...objectOf(at(payload, "userFieldsResponses")),
    ...objectOf(at(payload, "responses")),
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([slug, answer]) => {
      const value = plain(answer);
      return value === null ? [] : [[slug, value]];
    }),
  );
}

/** What a person would say the answer is; null where there is none. */
function plain(answer: Json | undefined): Json | null {
  if (answer === undefined || answer === null) return null;
  if (typeof answer === "string") return textOf(answer);
  if (Array.isArray(answer)) {
    const values = answer.map(plain).filter((value) => value !== null);
    return values.length === 0 ? null : values;
  }
  const object = objectOf(answer);
  return object === null ? answer : unwrap(object);
}

function unwrap(answer: JsonObject): Json | null {
  const { label, value, response, optionValue, id, firstName } = answer;
  if (response !== undefined) return plain(response) ?? plain(value);
  if (optionValue !== undefined) return plain(optionValue) ?? plain(value);
  if (value !== undefined) return plain(value);
  if (firstName !== undefined) return fullNameOf(answer);
  if (label !== undefined) return id === undefined ? null : plain(label);
  return "isHidden" in answer ? null : { ...answer };
}
