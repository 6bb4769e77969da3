import type { Json } from "../event.ts";
import { at, instantOf, isDeeperThan, objectOf, type JsonObject } from "./json.ts";

/** A body, opened: what was sent, apart from how it was wrapped. */
export interface Opened {
  /** Null where the body names none. */
  readonly trigger: string | null;
  /** When Cal.com says the event happened; null where the body does not say. */
  readonly createdAt: string | null;
  readonly payload: Json;
  /** True where the shape is Cal.com's own; false for a custom template's, which can be anything. */
  readonly isOwnShape: boolean;
}

/**
 * Opens a request body, whatever it is; never throws. Content-Type is no help: Cal.com sends templated JSON as a form.
 *
 * - `{ triggerEvent, createdAt, payload }`, the rule, also with answers repeated at the root (FORM_SUBMITTED).
 * - `{ triggerEvent, ...booking }`, MEETING_STARTED and MEETING_ENDED: the body is its own payload, and its `createdAt` is the booking's.
 * - Any other JSON object or array comes from a custom template and is the payload.
 * - `a=b&c=d`: the payload is its fields.
 * - Anything else is `{ text }`: also a JSON scalar such as `false`, which is what Cal.com sends when a template's output is no longer
 *   JSON, and JSON nested deeper than anything sensible.
 */
export function openBody(body: string): Opened {
  const text = body.startsWith("\uFEFF") ? body.slice(1) : body;
  const json = parseJson(text);
  const object = objectOf(json);
  if (object !== null) return openObject(object);
  if (Array.isArray(json)) return { trigger: null, createdAt: null, payload: json, isOwnShape: false };
  const fields = parseForm(text);
  if (fields !== null) return { ...headOf(fields), payload: fields, isOwnShape: false };
  return { trigger: null, createdAt: null, payload: { text: text.toWellFormed() }, isOwnShape: false };
}

export function isMeeting(trigger: string | null): boolean {
  return trigger === "MEETING_STARTED" || trigger === "MEETING_ENDED";
}

function openObject(body: JsonObject): Opened {
  const head = headOf(body);
  const payload = at(body, "payload");
  if (head.trigger !== null && payload !== undefined && objectOf(payload) !== null)
    return { ...head, payload, isOwnShape: true };
  if (isMeeting(head.trigger)) return { ...head, createdAt: null, payload: body, isOwnShape: true };
  return { ...head, payload: body, isOwnShape: false };
}

/** A name of one word; a template may put a sentence there, which is no trigger. */
const NAME = /^[A-Za-z][\w.:-]{0,63}$/;

function headOf(body: JsonObject): Pick<Opened, "trigger" | "createdAt"> {
  const name = at(body, "triggerEvent");
  return {
    trigger: typeof name === "string" && NAME.test(name) ? name : null,
    createdAt: instantOf(at(body, "createdAt")),
  };
}

/** Far more than Cal.com nests, far less than recursive code bears. */
const MAX_DEPTH = 64;

function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const json = value as Json; // what JSON.parse returns is JSON
    return isDeeperThan(json, MAX_DEPTH) ? undefined : json;
  } catch {
    return undefined;
  }
}

const FORM = /^[\w.[\]%-]{1,200}=[^\r\n]*$/;
/** Handlebars escapes these in what it prints; their `&` separates nothing. */
const SEPARATOR = /&(?!(?:amp|lt|gt|quot|#x27|#x3D|#x60|#39);)/;
const PERCENT_ENCODED = /^[\w.~*%+&=-]*$/;

/** Cal.com encodes nothing in a form template, so fields are taken as they stand, unless the whole body looks encoded. */
function parseForm(text: string): JsonObject | null {
  const pairs = text.trim().split(SEPARATOR);
  if (!pairs.every((pair) => FORM.test(pair))) return null;
  if (PERCENT_ENCODED.test(text)) return Object.fromEntries(new URLSearchParams(text));
  return Object.fromEntries(
    pairs.map((pair): [string, string] => {
      const split = pair.indexOf("=");
      return [pair.slice(0, split), pair.slice(split + 1).toWellFormed()];
    }),
  );
}
