import { z } from "zod";

export const connection = z.strictObject({
  path: z
    .string()
    .min(1)
    .describe("the file, relative to the relay's working directory; made with its folder when missing"),
});

export const message = z.strictObject({
  line: z
    .json()
    .optional()
    .describe("what to write as one line of JSON; default: id, source, trigger, times, booking, answers and payload"),
});

export type Connection = z.output<typeof connection>;
export type Message = z.output<typeof message>;
