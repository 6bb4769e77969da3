import { z } from "zod";
import type { Rate } from "./config.ts";

const UNITS_MS = { s: 1_000, min: 60_000, h: 3_600_000 } as const;
const PATTERN = /^([1-9]\d{0,5})\/(s|min|h)$/;

export const RATE_EXPECTED = "expected a rate such as 1/s, 50/min or 1000/h";

/** `50/min` → 50 per 60000 ms. Null where the text is no rate. */
export function parseRate(text: string): Rate | null {
  const [, count, unit] = PATTERN.exec(text) ?? [];
  if (count === undefined || unit === undefined) return null;
  return { count: Number(count), perMs: UNITS_MS[unit as keyof typeof UNITS_MS] };
}

/** Schema of a rate in the file. */
export const rate = z
  .string({ error: RATE_EXPECTED })
  .regex(PATTERN, { error: RATE_EXPECTED })
  .transform((text) => parseRate(text) ?? z.NEVER);
