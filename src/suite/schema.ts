import { z } from "zod";
import { duration } from "../config/units.ts";

/** Where the clock of a suite stands when nobody has said. */
const START = "2026-03-02T09:00:00Z";

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

const INSTANT_EXPECTED = `expected a time with Z or an offset, such as ${START}`;

const instant = z
  .string()
  .regex(INSTANT, { error: INSTANT_EXPECTED, abort: true })
  .refine((text) => !Number.isNaN(Date.parse(text)), { error: INSTANT_EXPECTED });

const VARIABLE = /^([A-Za-z_]\w*|file:.+)$/s;

const sinkOrTarget = z.string().min(1);

/** Of a message: its value, or conditions. */
export const fieldSchema = z.unknown();

export const eventNameSchema = z
  .string()
  .min(1)
  .describe("a trigger or other bundled sample, or a file with a body, relative to this one");

export const envSchema = z
  .record(
    z.string().regex(VARIABLE, { error: "expected the name of a variable, or file:PATH" }),
    z.union([z.string(), z.number(), z.boolean()]),
  )
  .prefault({})
  .describe("the configuration's variables, and the only ones there are; file:PATH gives what ${file:PATH} reads");

export const nowSchema = instant.prefault(START).describe("where the clock stands at the beginning of every test");

export const configSchema = z
  .string()
  .min(1)
  .optional()
  .describe("the configuration, relative to this file; default: the file of this name without .test");

const messagesSchema = z
  .record(
    sinkOrTarget,
    z.union([
      z.literal("absent").describe("no message to this sink"),
      z.record(z.string(), fieldSchema).describe("path in the message → its value, or conditions as in filters"),
    ]),
  )
  .describe("by sink, or by target (sales/team-slack/2) where a sink gets several: what the message must have");

const exactlySchema = z
  .record(sinkOrTarget, z.unknown())
  .describe("by sink or target: the whole message, as `preview --json` shows it");

const expectSchema = z
  .strictObject({
    status: z
      .enum(["accepted", "duplicate", "pong"])
      .optional()
      .describe("the answer to the webhook: accepted, duplicate, or pong for PING"),
    routes: z.array(z.string()).optional().describe("the routes that match, these and no others; [] for none"),
    messages: messagesSchema.optional(),
    exactly: exactlySchema.optional(),
  })
  .prefault({})
  .describe("what has to come of it");

export const withSchema = z
  .record(z.string().min(1), z.unknown())
  .prefault({})
  .describe("path → value: put into the body before it is signed, such as payload.type: 60min");

export const withoutSchema = z
  .array(z.string().min(1))
  .prefault([])
  .describe("paths that are taken out of the body, such as payload.location");

export const eventSchema = z
  .strictObject({
    event: eventNameSchema,
    source: z.string().optional().describe("where it comes from; default: the first source of the configuration"),
    after: duration("0s", "3650d").optional().describe("how far the clock moves before it, such as 1h"),
    with: withSchema,
    without: withoutSchema,
    expect: expectSchema,
  })
  .describe("a webhook, and what has to come of it");

const test = z.strictObject({
  name: z.string().min(1).describe("what the configuration does, in a few words"),
  now: instant.optional().describe("where the clock stands at its beginning, if not where the suite's does"),
  events: z.array(eventSchema).min(1).describe("webhooks, one after the other"),
});

/** Its events are read one by one. */
export const testSchema = test.extend({ events: z.array(z.unknown()).min(1) });

/** A whole file. */
export const suiteSchema = z.strictObject({
  config: configSchema,
  env: envSchema,
  now: nowSchema,
  tests: z
    .array(test.describe("events one after the other on an empty ledger, and what has to come of each"))
    .min(1)
    .describe("what has to come of events"),
});
