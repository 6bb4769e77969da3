import { dirname, isAbsolute, join } from "node:path";
import { secretsOf } from "../ledger/address.ts";
import { createRenderer } from "../rendering/renderer.ts";
import type { SinkPlugin } from "../sdk/index.ts";
import type { Config, RetryPolicy } from "./config.ts";
import { readDocument } from "./document.ts";
import { fillTree } from "./fill.ts";
import { isMapping } from "./mapping.ts";
import { readPlugins } from "./plugins.ts";
import type { Problem } from "./problem.ts";
import { Reader } from "./reader.ts";
import { keepSecret, type Reading } from "./reading.ts";
import { createReport, type Report } from "./report.ts";
import { readRoutes } from "./routes.ts";
import { defaultsSchema, fileSchema, retentionSchema, serverSchema, storageSchema } from "./schema.ts";
import { readSinks } from "./sinks.ts";
import { readSources } from "./sources.ts";
import { didYouMean } from "../sdk/suggest.ts";

export interface LoadOptions {
  /** Where the text is from: stands in every problem, and relative paths in the file start from its folder. */
  readonly file: string;
  readonly text: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For `${file:…}`. Throws where the file cannot be read. */
  readonly readFile: (path: string) => string;
  /** The built-in ones. */
  readonly plugins: readonly SinkPlugin[];
  /** For `plugins:`. Rejects with a message that is safe to show. */
  readonly loadPlugin: (specifier: string) => Promise<SinkPlugin>;
  /** What `now` is to templates, in epoch milliseconds; the machine's clock where it is left out. */
  readonly now?: () => number;
}

export interface LoadResult {
  /** Null when any problem is an error. */
  readonly config: Config | null;
  /** Where the ledger is, also where another part of the file has problems; null where that cannot be told. */
  readonly storage: string | null;
  /** All of them, in the order in which they stand in the file. */
  readonly problems: readonly Problem[];
  /** The built-in ones, and those of the file that could be loaded. */
  readonly plugins: readonly SinkPlugin[];
}

/** Turns the text of relay.config.yaml into a Config, or into every problem that it has. Never throws, whatever the text. */
export async function loadConfig(options: LoadOptions): Promise<LoadResult> {
  const document = readDocument(options.text);
  const report = createReport(options.file, document);
  if (!document.isReadable)
    return { config: null, storage: null, problems: report.problems(), plugins: options.plugins };

  const readFile = (path: string): string =>
    options.readFile(isAbsolute(path) ? path : join(dirname(options.file), path));
  const { value, origins, missing } = fillTree(document.value ?? {}, { env: options.env, readFile }, report);
  if (!isMapping(value)) {
    report.error([], "expected a mapping: keys such as sources:, sinks: and routes:");
    return { config: null, storage: null, problems: report.problems(), plugins: options.plugins };
  }
  const reader = new Reader(report, origins);
  const read = await readPlugins(value["plugins"], options.plugins, options.loadPlugin, { reader, report });
  const { config, storage } = await readSections({
    document,
    root: value,
    report,
    reader,
    missing,
    ...read,
    secrets: new Set(),
    now: options.now,
  });
  return { config, storage, problems: report.problems(), plugins: [...read.plugins.values()] };
}

async function readSections(reading: Reading): Promise<Pick<LoadResult, "config" | "storage">> {
  const { reader, report, root, secrets } = reading;
  checkKeys(reading);
  // Who expects another database here writes its password too.
  reader.hide(["storage"]);
  // An empty section, all its lines commented out, is null in YAML.
  const server = reader.read(serverSchema, ["server"], root["server"] ?? undefined);
  const storage = reader.read(storageSchema, ["storage"], root["storage"] ?? undefined);
  for (const secret of secretsOf(storage)) keepSecret(reading, secret);
  const retentionMs = reader.read(retentionSchema, ["retention"], root["retention"] ?? undefined);
  const own = reader.read(defaultsSchema, ["defaults"], root["defaults"] ?? undefined) ?? defaultsSchema.parse({});

  const { timeZone, locale } = own;
  const defaults = { timeZone, locale, retry: retryOf(own.retry, report) };
  const sources = readSources(reading);
  const sinks = readSinks(reading, defaults.retry);
  const routes = await readRoutes(reading, createRenderer({ timeZone, locale }, reading.now));
  if (server === null || storage === null || retentionMs === null || report.hasErrors) return { config: null, storage };

  const used = new Set(routes.flatMap(({ targets }) => targets.map(({ sink }) => sink)));
  for (const { name } of sinks) if (!used.has(name)) report.warn(["sinks", name], "no route uses this sink");

  const { host, port, bodyLimit, shutdownGrace } = server;
  const config: Config = {
    server: { host, port, bodyLimit, shutdownGraceMs: shutdownGrace },
    storage,
    retentionMs,
    defaults,
    sources,
    sinks,
    routes,
    secrets: [...secrets],
  };
  return { config, storage };
}

function checkKeys({ root, report }: Reading): void {
  const known = Object.keys(fileSchema.shape);
  for (const key of Object.keys(root))
    if (!known.includes(key)) report.errorAtKey([key], `unknown key ${JSON.stringify(key)}${didYouMean(key, known)}`);
}

function retryOf(retry: { first: number; max: number; for: number }, report: Report): RetryPolicy {
  if (retry.first > retry.max) report.error(["defaults", "retry"], "`first` is longer than `max`");
  return { firstMs: retry.first, maxMs: retry.max, forMs: retry.for };
}
