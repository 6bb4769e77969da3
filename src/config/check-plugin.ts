import { z } from "zod";
import { RelayError } from "../error.ts";
import type { SinkPlugin } from "../sdk/index.ts";
import { formatPath, type Path } from "./problem.ts";
import { RATE_EXPECTED, parseRate } from "./units.ts";
import { nameSchema } from "./schema.ts";
import { keysAt, kindOf } from "./shape.ts";
import { SDK_VERSION, versionOf } from "../sdk/version.ts";
import { didYouMean } from "../sdk/suggest.ts";

const call = z.custom((value) => typeof value === "function", { error: "expected a function" });

// A plugin may bring a zod of its own, so `instanceof` would not do; zod 3 has no `_zod`.
const schema = z.custom<z.ZodType>(
  (value) => typeof value === "object" && value !== null && "_zod" in value && "safeParse" in value,
  { error: "expected a zod 4 schema" },
);

/** What stands in the YAML is always a mapping, and a misspelt key of it a problem. */
const mapping = schema.superRefine((given, context) => {
  const kind = kindOf(given);
  if (kind === "strict object") return;
  const why = kind === "no object" ? "" : ", so that a misspelt key is a problem; this one takes any key";
  context.addIssue({ code: "custom", message: `expected z.strictObject({ … })${why}` });
});

const pluginSchema = z
  .strictObject(
    {
      type: nameSchema,
      title: z.string({ error: "expected text" }).min(1, { error: "expected text" }),
      connection: mapping,
      message: mapping,
      secrets: z.array(z.string(), { error: 'expected a list of keys of the connection, such as ["token"] or []' }),
      limits: z
        .strictObject(
          {
            concurrency: z.int({ error: "expected a whole number from 1" }).min(1).optional(),
            rate: z
              .string({ error: RATE_EXPECTED })
              .refine((text) => parseRate(text) !== null, { error: RATE_EXPECTED })
              .optional(),
          },
          { error: 'expected a mapping such as { concurrency: 1, rate: "1/s" }' },
        )
        .optional(),
      lane: call.optional(),
      escape: call.optional(),
      keepsInStep: call.optional(),
      preview: call.optional(),
      open: call,
    },
    { error: (issue) => (issue.code === "invalid_type" ? "expected the sink that defineSink returns" : undefined) },
  )
  .superRefine((plugin, context) => {
    const known = keysAt(plugin.connection, []);
    for (const [index, key] of plugin.secrets.entries())
      if (known.length > 0 && !known.includes(key))
        context.addIssue({
          code: "custom",
          path: ["secrets", index],
          message: `${JSON.stringify(key)} is no key of the connection${didYouMean(key, known)}`,
        });
  });

/**
 * The default export of a plugin file as a sink plugin. Throws a RelayError ("plugin_unusable") that names the file, every field that
 * does not fit, and what was expected.
 */
export function checkPlugin(candidate: unknown, specifier: string): SinkPlugin {
  if (candidate === undefined)
    throw unusable(specifier, "it has no default export; write `export default defineSink({ … })`");
  const version = versionOf(candidate);
  if (version !== undefined && majorOf(version) !== majorOf(SDK_VERSION))
    throw unusable(
      specifier,
      `it was made with version ${version} of cal-relay/sdk, and this relay has ${SDK_VERSION}`,
    );
  const result = pluginSchema.safeParse(candidate);
  if (result.success) return candidate as SinkPlugin;
  throw unusable(specifier, result.error.issues.map(describe).join("; "));
}

export function unusable(specifier: string, reason: string, cause?: unknown): RelayError {
  return new RelayError("plugin_unusable", `the plugin ${specifier} cannot be used: ${reason}`, { cause });
}

function majorOf(version: string): string {
  return version.split(".", 1)[0] ?? "";
}

function describe(issue: z.core.$ZodIssue): string {
  const path: Path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(pluginSchema, path);
    return issue.keys.map((key) => `${formatPath([...path, key])}: unknown key${didYouMean(key, known)}`).join("; ");
  }
  return path.length === 0 ? issue.message : `${formatPath(path)}: ${issue.message}`;
}
