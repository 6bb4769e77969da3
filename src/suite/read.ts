import { dirname, join } from "node:path";
import type { Config } from "../config/config.ts";
import { readDocument, type Document } from "../config/document.ts";
import type { LoadResult } from "../config/load.ts";
import { isMapping, type Mapping } from "../config/mapping.ts";
import type { Path, Problem } from "../config/problem.ts";
import { Reader } from "../config/reader.ts";
import { createReport, type Report } from "../config/report.ts";
import { didYouMean } from "../sdk/suggest.ts";
import { readEvent } from "./event.ts";
import { configSchema, envSchema, nowSchema, suiteSchema, testSchema } from "./schema.ts";
import type { Clock, Suite, SuiteTest } from "./suite.ts";

const SUITE = /\.test\.ya?ml$/;

/** The world as a suite gives it to its configuration. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly now: () => number;
}

export interface SuiteOptions {
  /** Stands in every problem; paths in the suite start from its folder. */
  readonly file: string;
  /** For the suite and for bodies. Throws where the file cannot be read. */
  readonly readFile: (path: string) => string;
  /** The configuration of a suite that names none and has none beside it. */
  readonly defaultConfig: string;
  readonly exists: (path: string) => boolean;
  /** Rejects with a message that is safe to show where there is no such file. */
  readonly loadConfig: (file: string, surroundings: Surroundings) => Promise<LoadResult>;
}

export interface SuiteReading {
  /** Null when any problem is an error. */
  readonly suite: Suite | null;
  readonly config: string | null;
  /** The suite's own, in the order in which they stand there, then its configuration's. */
  readonly problems: readonly Problem[];
}

/** What the parts of a suite are read with. */
export interface SuiteContext {
  readonly options: SuiteOptions;
  readonly document: Document;
  readonly report: Report;
  readonly reader: Reader;
  readonly config: Config;
}

/** Turns a *.test.yaml into a suite, or into every problem that it and its configuration have. Never throws, whatever the text. */
export async function readSuite(options: SuiteOptions): Promise<SuiteReading> {
  const text = textOf(options);
  if (typeof text !== "string") return { suite: null, config: null, problems: [text] };
  if (!SUITE.test(options.file)) return { suite: null, config: null, problems: [noSuite(options.file)] };
  const document = readDocument(text);
  const report = createReport(options.file, document);
  const root = document.value ?? {};
  if (!isMapping(root)) report.error([], "expected a mapping: keys such as tests:");
  if (!document.isReadable || !isMapping(root)) return { suite: null, config: null, problems: report.problems() };

  const reader = new Reader(report, new Map());
  const head = readHead(root, reader, report);
  const clock: Clock = { at: head.now };
  const file = configOf(head.config, options);
  const loaded = await load(file, options, { env: head.env, now: () => clock.at }, report);
  const { config } = loaded;
  const tests = readTests(root, head.now, { options, document, report, reader }, config);
  return {
    suite: config === null || report.hasErrors ? null : { config, clock, tests },
    config: file,
    problems: [...report.problems(), ...(config === null ? loaded.problems : [])],
  };
}

function textOf({ file, readFile }: SuiteOptions): string | Problem {
  try {
    return readFile(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    return problemOf(file, `cannot be read (${code})`);
  }
}

function noSuite(file: string): Problem {
  return problemOf(
    file,
    `suites are named *.test.yaml: that of ${file} is ${file.replace(/(\.ya?ml)?$/, ".test.yaml")}`,
  );
}

function problemOf(file: string, message: string): Problem {
  return { severity: "error", file, line: 1, column: 1, path: "", message };
}

function readHead(
  root: Mapping,
  reader: Reader,
  report: Report,
): { config?: string; env: Surroundings["env"]; now: number } {
  const known = Object.keys(suiteSchema.shape);
  for (const key of Object.keys(root))
    if (!known.includes(key)) report.errorAtKey([key], `unknown key ${JSON.stringify(key)}${didYouMean(key, known)}`);
  const config = reader.read(configSchema, ["config"], root["config"]) ?? undefined;
  const env = reader.read(envSchema, ["env"], root["env"] ?? undefined) ?? {};
  const now = reader.read(nowSchema, ["now"], root["now"]);
  return {
    ...(config === undefined ? {} : { config }),
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])),
    now: now === null ? 0 : Date.parse(now),
  };
}

/** What the suite names, else the file of its name without `.test`, else the configuration of the command line. */
function configOf(named: string | undefined, { file, exists, defaultConfig }: SuiteOptions): string {
  if (named !== undefined) return join(dirname(file), named);
  const beside = file.replace(/\.test(\.ya?ml)$/, "$1");
  return beside !== file && exists(beside) ? beside : defaultConfig;
}

async function load(
  file: string,
  { loadConfig, exists }: SuiteOptions,
  surroundings: Surroundings,
  report: Report,
): Promise<Pick<LoadResult, "config" | "problems">> {
  if (!exists(file)) {
    report.error(["config"], `there is no configuration ${file}; \`config:\` names one, relative to the suite`);
    return { config: null, problems: [] };
  }
  try {
    return await loadConfig(file, surroundings);
  } catch (error) {
    report.error(["config"], error instanceof Error ? error.message : `${file} cannot be read`);
    return { config: null, problems: [] };
  }
}

function readTests(
  root: Mapping,
  now: number,
  context: Omit<SuiteContext, "config">,
  config: Config | null,
): SuiteTest[] {
  const { report } = context;
  const items: unknown = root["tests"];
  if (!Array.isArray(items)) {
    const example = "expected a list of tests, each begun with a dash: - name: …";
    if (items === undefined || items === null) report.errorAtKey(["tests"], example);
    else report.error(["tests"], example);
    return [];
  }
  if (items.length === 0) report.error(["tests"], "there are no tests");
  const names = new Set<string>();
  return items.flatMap(
    (item: unknown, index) => readTest(["tests", index], item, { now, names, context, config }) ?? [],
  );
}

interface Around {
  /** Of the suite. */
  readonly now: number;
  /** Of the tests before. */
  readonly names: Set<string>;
  readonly context: Omit<SuiteContext, "config">;
  readonly config: Config | null;
}

function readTest(path: Path, value: unknown, { now, names, context, config }: Around): SuiteTest | null {
  const { reader, report, document } = context;
  const test = reader.read(testSchema, path, value);
  if (!isMapping(value)) return null;
  const { name } = value;
  if (typeof name === "string" && names.has(name))
    report.error([...path, "name"], "there is a test of this name before");
  if (typeof name === "string") names.add(name);
  const items: readonly unknown[] = Array.isArray(value["events"]) ? value["events"] : [];
  const events = items.flatMap((item, index) => readEvent([...path, "events", index], item, context, config) ?? []);
  if (test === null) return null;
  const startsAt = test.now === undefined ? now : Date.parse(test.now);
  return { name: test.name, position: document.positionOf(path), startsAt, events };
}
