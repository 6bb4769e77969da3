import { z } from "zod";

const UNITS = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;
const PATTERN = /^(\d{1,9})(B|KiB|MiB|GiB)$/;
const EXPECTED = "expected a size such as 512B, 64KiB, 1MiB or 1GiB";

/** Schema of a size in the file: text in, bytes out. KB and MB are refused: people mean 1000 by them as often as 1024. */
export const size = z
  .string({ error: EXPECTED })
  .regex(PATTERN, { error: EXPECTED })
  .transform((text, context) => {
    const [, count, unit] = PATTERN.exec(text) ?? [];
    const bytes = Number(count) * UNITS[unit as keyof typeof UNITS];
    if (bytes < UNITS.KiB || bytes > UNITS.GiB)
      context.addIssue({ code: "custom", message: "expected a size from 1KiB to 1GiB" });
    return bytes;
  });
