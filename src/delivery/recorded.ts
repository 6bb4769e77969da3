import type { Json } from "../event.ts";
import type { Mask } from "../observe/mask.ts";

/** A message or an answer as it is kept and shown: as JSON, secrets masked. A plugin may put anything into one, and what cannot be kept must not lose the attempt. */
export function recorded(value: unknown, mask: Mask): Json {
  try {
    return asJson(mask.value(asJson(value)));
  } catch {
    return "(not JSON)";
  }
}

export function asJson(value: unknown): Json {
  // What JSON cannot carry (undefined, functions) is dropped here, so that the ledger is given nothing else.
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}
