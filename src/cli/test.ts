import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { junitOf } from "../suite/junit.ts";
import { runSuite, totalsOf, type SuiteResult } from "../suite/run-suite.ts";
import { writeText } from "./files.ts";
import { command, printJson, readConfig, stop, print, type CommonOptions } from "./io.ts";
import { isWell, printResult, summaryOf } from "./test-report.ts";

interface TestOptions extends CommonOptions {
  readonly junit?: string;
}

const SUITE = /\.test\.ya?ml$/;

export function test(): Command {
  return command("test [FILE…]", "run suites: given these events, expect these routes and these messages")
    .argument("[file...]", "suites, or folders of suites (default: the configuration's folder)")
    .option("--junit <file>", "write the results as JUnit XML too")
    .action(async (named: readonly string[], options: TestOptions) => {
      const results: SuiteResult[] = [];
      for (const file of suitesOf(named, options)) {
        const result = await runFile(file, options);
        results.push(result);
        printResult(result, { json: options.json === true });
      }
      if (options.junit !== undefined) writeText(options.junit, junitOf(results));
      const totals = totalsOf(results);
      if (options.json) printJson({ ...totals, results });
      if (!isWell(totals)) stop(summaryOf(totals));
      if (!options.json) print(summaryOf(totals));
    });
}

/** Runs one suite, as the command does. */
export function runFile(file: string, { config }: Pick<CommonOptions, "config">): Promise<SuiteResult> {
  return runSuite({
    file,
    defaultConfig: config,
    exists: existsSync,
    readFile: (path) => readFileSync(path, "utf8"),
    loadConfig: (path, surroundings) => readConfig({ config: path }, surroundings),
  });
}

/** The suites that are named, those in folders that are named, or those beside the configuration. */
function suitesOf(named: readonly string[], { config }: TestOptions): string[] {
  const places = named.length > 0 ? named : [dirname(config)];
  const files = places.flatMap((place) => (isFolder(place) ? suitesIn(place) : [place]));
  return files.length > 0
    ? files
    : stop(`no *.test.yaml in ${places.map((place) => resolve(place)).join(", ")}; ${ADVICE}`);
}

function suitesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => SUITE.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

const ADVICE = `a suite lies beside its configuration and says what has to come of events.
For relay.config.yaml write relay.config.test.yaml, to begin with:

  tests:
    - name: a new booking goes where it should
      events:
        - event: BOOKING_CREATED
          expect:
            routes: []      # the routes that match; the test tells you which they are
`;
