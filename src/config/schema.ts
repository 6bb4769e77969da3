import { z } from "zod";
import { readAddress, STORAGE_EXPECTED } from "../ledger/address.ts";
import { isTimeZone } from "../rendering/time-zone.ts";
import { duration, rate, size } from "./units.ts";

/** Names of sources, sinks, routes and sink types: they stand in URLs, metrics and ids. */
export const nameSchema = z.string().regex(/^[a-z0-9-]{1,64}$/, { error: "expected a name of a-z, 0-9 and -" });

const retryFields = {
  first: duration("1ms", "1d").describe("wait before the second attempt; doubles from attempt to attempt"),
  max: duration("1ms", "7d").describe("longest wait between two attempts"),
  for: duration("0s", "365d").describe("how long after the first attempt a failure is final"),
};

export const serverSchema = z
  .strictObject({
    host: z.string().min(1).prefault("0.0.0.0").describe("address to listen on"),
    port: z.int().min(0).max(65_535).prefault(8080).describe("port to listen on; 0 takes a free one"),
    bodyLimit: size.prefault("1MiB").describe("largest webhook accepted"),
    shutdownGrace: duration("0s", "1h").prefault("25s").describe("time for running deliveries to end at a stop"),
  })
  .prefault({})
  .describe("the HTTP server");

export const storageSchema = z
  .string()
  .regex(/^(sqlite:|postgres(ql)?:\/\/)./s, { error: STORAGE_EXPECTED, abort: true })
  .superRefine((storage, context) => {
    const address = readAddress(storage);
    if (address.kind === "problem") context.addIssue({ code: "custom", message: address.message });
  })
  .prefault("sqlite:./data/relay.db")
  .describe(
    "where everything is kept: sqlite:<path>, or postgres://<user>:<password>@<host>/<database> for any number of relays",
  );

export const retentionSchema = duration("1m", "3650d")
  .prefault("30d")
  .describe("how long events, deliveries and attempts are kept once all is settled");

export const defaultsSchema = z
  .strictObject({
    timeZone: z
      .string()
      .refine(isTimeZone, { error: "expected an IANA time zone such as Europe/Berlin" })
      .prefault("UTC")
      .describe("IANA time zone for times where the person's own is not known"),
    locale: z
      .string()
      .refine(isLocale, { error: "expected a BCP 47 locale such as en or pt-BR" })
      .prefault("en")
      .describe("BCP 47 locale for times where the person's own is not known"),
    retry: z
      .strictObject({
        first: retryFields.first.prefault("5s"),
        max: retryFields.max.prefault("6h"),
        for: retryFields.for.prefault("3d"),
      })
      .prefault({})
      .describe("when a failed delivery is tried again"),
  })
  .prefault({})
  .describe("what holds where nothing nearer says otherwise");

export const pluginsSchema = z
  .array(z.string().min(1))
  .prefault([])
  .describe("sink plugins: files relative to this one, or package names");

export const sourceSchema = z
  .strictObject({
    secret: z
      .union([z.string(), z.array(z.string()).min(1)])
      .optional()
      .describe("the webhook's secret in Cal.com, or a list of them; without it one is generated"),
    signature: z.enum(["required", "off"]).prefault("required").describe("off accepts webhooks that nobody signed"),
    dedupe: duration("0s", "365d").prefault("24h").describe("how long the same event counts as a duplicate"),
    customPayload: z
      .boolean()
      .prefault(false)
      .describe("true where the webhook has a custom payload template in Cal.com: any field of payload may come"),
  })
  .describe("a place webhooks come from: POST /hooks/<name>");

/** What the relay itself reads of a sink; all else belongs to the plugin. */
export const sinkSchema = z.strictObject({
  type: z.string().describe("which sink plugin"),
  optional: z.boolean().prefault(false).describe("without its variables it runs dry instead of refusing to start"),
  concurrency: z.int().min(1).max(1000).optional().describe("deliveries at once"),
  rate: rate.optional().describe("deliveries in a time, such as 50/min"),
  timeout: duration("10ms", "1h").prefault("15s").describe("deadline of one attempt"),
  retry: z.strictObject(retryFields).partial().prefault({}).describe("what differs from defaults.retry"),
  breaker: z
    .strictObject({
      after: z.int().min(1).prefault(10).describe("failures in a row, over at least two bookings, that hold the sink"),
    })
    .prefault({})
    .describe("when a failing sink is held"),
});

export const SINK_KEYS: readonly string[] = Object.keys(sinkSchema.shape);

export const targetSchema = z
  .looseObject({ sink: z.string().describe("name of a sink") })
  .describe("the sink, and the message as the sink's type wants it");

export const routeSchema = z
  .strictObject({
    name: nameSchema.describe("unique; stands in the record and in metrics"),
    on: z.union([z.string(), z.array(z.string()).min(1)]).describe('triggers: one, a list, "BOOKING_*" or "*"'),
    from: z.string().optional().describe("name of the only source this route listens to"),
    filter: z
      .unknown()
      .optional()
      .describe("MongoDB-style query on trigger, createdAt, payload, booking, answers, event"),
    to: z.array(z.unknown()).describe("targets; empty to send nothing"),
    final: z.boolean().prefault(false).describe("later routes are not tried once this one matched"),
  })
  .describe("which events go where");

/** The whole file. What stands in sinks and targets besides the relay's own keys is up to the plugins. */
export const fileSchema = z.strictObject({
  server: serverSchema,
  storage: storageSchema,
  retention: retentionSchema,
  defaults: defaultsSchema,
  plugins: pluginsSchema,
  sources: z.record(nameSchema, sourceSchema).describe("where webhooks come from, by name"),
  sinks: z.record(nameSchema, sinkSchema.loose()).prefault({}).describe("where events can go, by name"),
  routes: z
    .array(routeSchema.extend({ to: z.array(targetSchema).describe("targets; empty to send nothing") }))
    .prefault([])
    .describe("tried in order; every one that matches counts"),
});

function isLocale(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}
