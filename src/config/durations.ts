import { z } from "zod";

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PATTERN = /^(\d{1,9})(ms|s|m|h|d)$/;
const EXPECTED = "expected a duration such as 500ms, 15s, 5m, 2h or 30d";

/** `15s` → 15000. Null where the text is no duration. */
export function parseDuration(text: string): number | null {
  const [, count, unit] = PATTERN.exec(text) ?? [];
  return count === undefined || unit === undefined ? null : Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
}

/** Schema of a duration in the file: text in, milliseconds out, within the two limits. */
export function duration(least: string, most: string): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> {
  const limits = [parseDuration(least) ?? 0, parseDuration(most) ?? 0] as const;
  return z
    .string({ error: EXPECTED })
    .regex(PATTERN, { error: EXPECTED })
    .transform((text, context) => {
      const milliseconds = parseDuration(text) ?? 0;
      if (milliseconds < limits[0] || milliseconds > limits[1])
        context.addIssue({ code: "custom", message: `expected a duration from ${least} to ${most}` });
      return milliseconds;
    });
}
