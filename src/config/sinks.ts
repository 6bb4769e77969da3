import { hasTemplate } from "../rendering/renderer.ts";
import type { SinkPlugin } from "../sdk/index.ts";
import type { RetryPolicy, SinkConfig } from "./config.ts";
import { isMapping, type Mapping, split, textsIn } from "./mapping.ts";
import type { Path } from "./problem.ts";
import { parseRate } from "./units.ts";
import { entriesOf, keepSecret, type Reading } from "./reading.ts";
import { nameSchema, SINK_KEYS, sinkSchema } from "./schema.ts";
import { instead } from "./wording.ts";

const DEFAULT_CONCURRENCY = 4;

/** Reads `sinks`: the relay's own keys by the relay's schema, all others by the plugin's. */
export function readSinks(reading: Reading, defaultRetry: RetryPolicy): SinkConfig[] {
  const entries = entriesOf(reading, "sinks") ?? [];
  return entries.flatMap(([name, value]) => readSink(reading, name, value, defaultRetry) ?? []);
}

/** The plugin of a sink in the file, whether or not the rest of the sink is right; undefined where it has none. */
export function pluginOf({ root, plugins }: Reading, sink: string): SinkPlugin | undefined {
  const sinks: unknown = root["sinks"];
  const entry: unknown = isMapping(sinks) && Object.hasOwn(sinks, sink) ? sinks[sink] : undefined;
  return isMapping(entry) && typeof entry["type"] === "string" ? plugins.get(entry["type"]) : undefined;
}

function readSink(reading: Reading, name: string, value: unknown, defaultRetry: RetryPolicy): SinkConfig | null {
  const { reader, report } = reading;
  const path = ["sinks", name];
  const isNamed = nameSchema.safeParse(name).success;
  if (!isNamed) report.errorAtKey(path, "expected a name of a-z, 0-9 and -");
  if (!isMapping(value)) {
    // `team: token xoxb-…`, for want of a colon.
    reader.hide(path);
    return reader.read(sinkSchema, path, value) && null;
  }
  const [ownPart, pluginPart] = split(value, SINK_KEYS);
  const own = reader.read(sinkSchema, path, ownPart);
  const plugin = findPlugin(reading, path, value);
  if (plugin === undefined) return null;
  const missing = [...(reading.missing.get(name) ?? [])];
  const connection = readConnection(reading, path, pluginPart, plugin, missing.length > 0);
  if (own === null) return null;

  const retry = mergeRetry(own.retry, defaultRetry);
  if (retry.firstMs > retry.maxMs) report.error([...path, "retry"], "`first` is longer than `max`");
  return {
    name,
    plugin,
    connection,
    missing,
    concurrency: own.concurrency ?? plugin.limits?.concurrency ?? DEFAULT_CONCURRENCY,
    rate: own.rate ?? parseRate(plugin.limits?.rate ?? ""),
    timeoutMs: own.timeout,
    retry,
    breaker: own.breaker,
  };
}

function findPlugin({ plugins, areAllKnown, reader }: Reading, path: Path, { type }: Mapping): SinkPlugin | undefined {
  if (typeof type !== "string") return undefined;
  const plugin = plugins.get(type);
  // The type may be that of a plugin that cannot be used, which is told already.
  if (plugin !== undefined || !areAllKnown) return plugin;
  reader.error([...path, "type"], `unknown sink type ${JSON.stringify(type)}${instead(type, [...plugins.keys()])}`);
  return undefined;
}

/** Null for a sink that runs dry: of its connection is checked what does not depend on the variables that are not set. */
function readConnection(reading: Reading, path: Path, given: Mapping, plugin: SinkPlugin, isDry: boolean): unknown {
  const { reader } = reading;
  for (const key of plugin.secrets) reader.hide([...path, key]);
  const texts = textsIn(given, path);
  for (const { path: place, text } of texts)
    if (hasTemplate(text))
      reading.report.warn(place, "templates are rendered in targets only: this is used as it stands");
  const isKnown = ({ path: place }: { path: Path }): boolean => !reader.isMissing(place);
  keepSecrets(reading, plugin, texts.filter(isKnown), path.length);
  if (isDry) {
    const missing = texts.filter((one) => !isKnown(one)).map((one) => one.path);
    reader.check(plugin.connection, path, given, missing);
    return null;
  }
  const connection = reader.read(plugin.connection, path, given);
  keepSecrets(reading, plugin, textsIn(connection), 0);
  return connection;
}

/** Keeps the texts that stand at or below the plugin's secret keys; the key is the step of the path at `depth`. */
function keepSecrets(reading: Reading, plugin: SinkPlugin, texts: ReturnType<typeof textsIn>, depth: number): void {
  for (const { path, text } of texts) if (plugin.secrets.some((key) => key === path[depth])) keepSecret(reading, text);
}

/** What stands under `retry` goes before the defaults. */
function mergeRetry(
  own: { first?: number | undefined; max?: number | undefined; for?: number | undefined },
  defaults: RetryPolicy,
): RetryPolicy {
  return {
    firstMs: own.first ?? defaults.firstMs,
    maxMs: own.max ?? defaults.maxMs,
    forMs: own.for ?? defaults.forMs,
  };
}
