import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { styleText } from "node:util";
import { Command, InvalidArgumentError, Option } from "commander";

import type { Config } from "../config/config.ts";
import { loadConfig, type LoadOptions, type LoadResult } from "../config/load.ts";
import { createPluginLoader } from "../config/load-plugin.ts";
import { formatProblem } from "../config/problem.ts";
import { parseDuration } from "../config/units.ts";
import { RelayError } from "../error.ts";
import type { CommandLedger } from "../ledger/ledger.ts";
import { openBeside } from "../store.ts";
import { didYouMean } from "../sdk/suggest.ts";
import { builtInSinks } from "../../plugins/index.ts";

/** Ends the command with this exit code; everything was said already. */
export class Stopped extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super(`stopped with ${exitCode}`);
    this.exitCode = exitCode;
  }
}

export interface CommonOptions {
  readonly config: string;
  readonly json?: true;
}

/** A command with the options that work everywhere. */
export function command(usage: string, description: string): Command {
  return new Command(usage.split(" ")[0])
    .usage(usage.split(" ").slice(1).join(" "))
    .description(description)
    .addOption(new Option("--config <file>", "the configuration").default("relay.config.yaml").env("CAL_RELAY_CONFIG"))
    .option("--json", "for programs");
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Says what is wrong on stderr and ends with 1. */
export function stop(message: string): never {
  process.stderr.write(`cal-relay: ${message}\n`);
  throw new Stopped(1);
}

/** `1 route`, `3 routes`. */
export function counted(things: readonly unknown[], noun: string): string {
  return amount(things.length, noun);
}

/** The same of a number. */
export function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

export function colour(style: Parameters<typeof styleText>[0], text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** There is no text of a configuration to read. */
export class Unreadable extends RelayError {
  override readonly name = "Unreadable";
  readonly file: string;
  constructor(file: string, cause: unknown) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    const hint = "name the configuration with --config FILE or CAL_RELAY_CONFIG";
    super("config_unreadable", `${file}: cannot be read (${code}); ${hint}`, { cause });
    this.file = resolve(file);
  }
}

export interface ReadConfig extends LoadResult {
  /** What it was read from, by absolute path: itself, `${file:…}` and the files of plugins. Null where a file could not be read. */
  readonly files: ReadonlyMap<string, string | null>;
}

/** What a configuration is read in, if not on this machine as it is. */
export interface Surroundings extends Pick<LoadOptions, "now"> {
  readonly env: LoadOptions["env"];
}

/** Reads the configuration and everything it names. Throws Unreadable. */
export async function readConfig(
  { config: file }: CommonOptions,
  { env, ...clock }: Surroundings = { env: process.env },
): Promise<ReadConfig> {
  const files = new Map<string, string | null>();
  function readFile(path: string): string {
    files.set(resolve(path), null);
    const text = readFileSync(path, "utf8");
    files.set(resolve(path), text);
    return text;
  }
  /** What cannot be read is told by whoever needs it. */
  function note(path: string): void {
    files.set(path, existsSync(path) ? readFileSync(path, "utf8") : null);
  }
  const folder = dirname(resolve(file));
  const load = createPluginLoader(folder);
  const loaded = await loadConfig({
    file,
    text: textOf(file, readFile),
    env,
    ...clock,
    readFile,
    plugins: builtInSinks,
    loadPlugin(specifier) {
      if (specifier.startsWith(".") || isAbsolute(specifier)) note(resolve(folder, specifier));
      return load(specifier);
    },
  });
  return { ...loaded, files };
}

function textOf(file: string, readFile: (path: string) => string): string {
  try {
    return readFile(file);
  } catch (error) {
    throw new Unreadable(file, error);
  }
}

/** The configuration, or its problems on stderr and exit 1. Warnings are said and do not stop. */
export async function requireConfig(options: CommonOptions, surroundings?: Surroundings): Promise<Config> {
  return (await requireRead(options, surroundings)).config;
}

/** The same, with the files it was read from. */
export async function requireRead(
  options: CommonOptions,
  surroundings?: Surroundings,
): Promise<ReadConfig & { readonly config: Config }> {
  const { config, ...read } = await readConfig(options, surroundings);
  for (const problem of read.problems) process.stderr.write(`${formatProblem(problem)}\n`);
  if (config === null) throw new Stopped(1);
  return { ...read, config };
}

/** Stops where a route was named that the configuration does not have. */
export function expectRoute({ routes }: Config, route: string | undefined): void {
  const names = routes.map(({ name }) => name);
  if (route === undefined || names.includes(route)) return;
  stop(`no route "${route}"${didYouMean(route, names)}`);
}

/** Runs `use` with the ledger a relay may be using at this moment. */
export async function withLedger<T>(
  options: CommonOptions,
  use: (ledger: CommandLedger, config: Config) => Promise<T>,
): Promise<T> {
  const config = await requireConfig(options);
  return besideRelay(config, (ledger) => use(ledger, config));
}

/**
 * The same for what needs no more of the configuration than where its ledger is: a person can look, and hold a sink, while the file is half
 * edited. `config` is null then.
 */
export async function withRecord<T>(
  options: CommonOptions,
  use: (ledger: CommandLedger, config: Config | null) => Promise<T>,
): Promise<T> {
  const { config, storage, problems } = await readConfig(options);
  if (storage === null) {
    for (const problem of problems) process.stderr.write(`${formatProblem(problem)}\n`);
    throw new Stopped(1);
  }
  if (config === null) process.stderr.write(`cal-relay: ${options.config} has problems; \`check\` tells them\n`);
  return besideRelay({ storage }, (ledger) => use(ledger, config));
}

/** The same, of a configuration that was read already. */
export async function besideRelay<T>(
  config: Pick<Config, "storage">,
  use: (ledger: CommandLedger) => Promise<T>,
): Promise<T> {
  const ledger = await openBeside(config.storage);
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

/** `1d` or an ISO time → epoch milliseconds. For commander. */
export function sinceArgument(value: string): number {
  const ago = parseDuration(value);
  if (ago !== null) return Date.now() - ago;
  const at = Date.parse(value);
  if (Number.isNaN(at)) throw new InvalidArgumentError(`expected a duration such as 1d or an ISO time, got "${value}"`);
  return at;
}

export function limitArgument(value: string): number {
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 1)
    throw new InvalidArgumentError(`expected a whole number above 0, got "${value}"`);
  return limit;
}
