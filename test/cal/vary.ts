import type { Json } from "../../src/event.ts";
import { readBody, type Reading } from "../../src/cal/read.ts";
import { sample } from "../../src/cal/samples.ts";

export type Object = { [key: string]: Json };

/** A bundled sample's body, changed: `change` may edit the body and its payload in place. */
export function vary(name: string, change: (payload: Object, body: Object) => void): string {
  const body = JSON.parse(sample(name)) as Object;
  change((body["payload"] ?? body) as Object, body);
  return JSON.stringify(body);
}

export function read(name: string, change: (payload: Object, body: Object) => void = () => {}): Reading {
  return readBody(vary(name, change));
}

/** The value with every `nth` value inside it replaced. */
export function damage(json: Json, nth: number, replacement: Json): Json {
  let count = 0;
  return walk(json);

  function walk(value: Json): Json {
    count += 1;
    if (count % nth === 0) return replacement;
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  }
}
