import type { Position, Problem } from "../config/problem.ts";
import type { Failure } from "./failure.ts";
import { readSuite, type SuiteOptions } from "./read.ts";
import { runTest } from "./run.ts";
import type { Suite } from "./suite.ts";

export interface SuiteResult {
  readonly file: string;
  /** The configuration that it was run with; null where there was not so much as a suite. */
  readonly config: string | null;
  /** With an error among them there are no tests. */
  readonly problems: readonly Problem[];
  readonly tests: readonly TestResult[];
}

export interface TestResult extends Position {
  readonly name: string;
  /** None when it passed. */
  readonly failures: readonly Failure[];
}

/** Reads a suite and runs all of its tests, one after the other. */
export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  const { suite, config, problems } = await readSuite(options);
  return { file: options.file, config, problems, tests: suite === null ? [] : await runTests(suite) };
}

async function runTests(suite: Suite): Promise<TestResult[]> {
  const results: TestResult[] = [];
  for (const test of suite.tests)
    results.push({ name: test.name, ...test.position, failures: await runTest(suite, test) });
  return results;
}

/** Whether a suite could not be run. */
export function isBroken({ problems }: SuiteResult): boolean {
  return problems.some(({ severity }) => severity === "error");
}

export interface Totals {
  readonly suites: number;
  readonly broken: number;
  readonly tests: number;
  readonly failed: number;
}

export function totalsOf(results: readonly SuiteResult[]): Totals {
  const tests = results.flatMap((result) => result.tests);
  return {
    suites: results.length,
    broken: results.filter(isBroken).length,
    tests: tests.length,
    failed: tests.filter(({ failures }) => failures.length > 0).length,
  };
}
