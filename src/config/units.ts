import { z } from "zod";
import type { Rate } from "./config.ts";

const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/;
const DURATION_UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION_EXPECTED = "expected a duration such as 500ms, 15s, 5m, 2h or 30d";

/** `15s` → 15000. Null where the text is no duration. */
export function parseDuration(text: string): number | null {
  const [, count, unit] = DURATION.exec(text) ?? [];
  if (count === undefined || unit === undefined) return null;
  return Number(count) * DURATION_UNITS_MS[unit as keyof typeof DURATION_UNITS_MS];
}

/** Schema of a duration in the file: text in, milliseconds out, within the two limits. */
export function duration(least: string, most: string): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> {
  const limits = [parseDuration(least) ?? 0, parseDuration(most) ?? 0] as const;
  return z
    .string({ error: DURATION_EXPECTED })
    .regex(DURATION, { error: DURATION_EXPECTED })
    .transform((text, context) => {
      const milliseconds = parseDuration(text) ?? 0;
      if (milliseconds < limits[0] || milliseconds > limits[1])
        context.addIssue({ code: "custom", message: `expected a duration from ${least} to ${most}` });
      return milliseconds;
    });
}

const RATE = /^([1-9]\d{0,5})\/(s|min|h)$/;
const RATE_UNITS_MS = { s: 1_000, min: 60_000, h: 3_600_000 } as const;

export const RATE_EXPECTED = "expected a rate such as 1/s, 50/min or 1000/h";

/** `50/min` → 50 per 60000 ms. Null where the text is no rate. */
export function parseRate(text: string): Rate | null {
  const [, count, unit] = RATE.exec(text) ?? [];
  if (count === undefined || unit === undefined) return null;
  return { count: Number(count), perMs: RATE_UNITS_MS[unit as keyof typeof RATE_UNITS_MS] };
}

/** Schema of a rate in the file. */
export const rate = z
  .string({ error: RATE_EXPECTED })
  .regex(RATE, { error: RATE_EXPECTED })
  .transform((text) => parseRate(text) ?? z.NEVER);

const SIZE = /^(\d{1,9})(B|KiB|MiB|GiB)$/;
const SIZE_UNITS = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;
const SIZE_EXPECTED = "expected a size such as 512B, 64KiB, 1MiB or 1GiB";

/** Schema of a size in the file: text in, bytes out. KB and MB are refused: people mean 1000 by them as often as 1024. */
export const size = z
  .string({ error: SIZE_EXPECTED })
  .regex(SIZE, { error: SIZE_EXPECTED })
  .transform((text, context) => {
    const [, count, unit] = SIZE.exec(text) ?? [];
    const bytes = Number(count) * SIZE_UNITS[unit as keyof typeof SIZE_UNITS];
    if (bytes < SIZE_UNITS.KiB || bytes > SIZE_UNITS.GiB)
      context.addIssue({ code: "custom", message: "expected a size from 1KiB to 1GiB" });
    return bytes;
  });
