import { isDeepStrictEqual } from "node:util";
import { isMapping } from "../config/mapping.ts";
import type { Json } from "../event.ts";
import type { Difference } from "./failure.ts";

/** The innermost places at which two values differ, in the order of what was expected. */
export function differencesOf(expected: Json | undefined, got: Json | undefined, path = ""): Difference[] {
  if (isDeepStrictEqual(expected, got)) return [];
  const inside = (step: string): string => (path === "" ? step : `${path}.${step}`);
  if (Array.isArray(expected) && Array.isArray(got)) {
    const longer = expected.length > got.length ? expected : got;
    return longer.flatMap((_, index) => differencesOf(expected[index], got[index], inside(String(index))));
  }
  if (isMapping(expected) && isMapping(got)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(got)]);
    return [...keys].flatMap((key) => differencesOf(own(expected, key), own(got, key), inside(key)));
  }
  return [difference(path, expected, got)];
}

export function difference(path: string, expected: Json | undefined, got: Json | undefined): Difference {
  return { path, ...(expected === undefined ? {} : { expected }), ...(got === undefined ? {} : { got }) };
}

function own(mapping: { readonly [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(mapping, key) ? mapping[key] : undefined;
}
