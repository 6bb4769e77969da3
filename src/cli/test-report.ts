import { formatProblem } from "../config/problem.ts";
import type { Failure } from "../suite/failure.ts";
import { isBroken, type SuiteResult, type TestResult, type Totals } from "../suite/run-suite.ts";
import { headOf, linesOf, type Line } from "../suite/text.ts";
import { amount, colour, counted, print } from "./io.ts";

/** Says how a suite's tests went; its problems go to stderr, also where a program reads the results. */
export function printResult(result: SuiteResult, { json }: { json: boolean }): void {
  const { file, problems, tests } = result;
  if (!json) print(colour("bold", file));
  for (const problem of problems) process.stderr.write(`${formatProblem(problem)}\n`);
  if (json) return;
  if (isBroken(result))
    print(`  ${colour("red", "✗")} cannot be run: ${counted(problems, "problem")}${adviceOn(result)}`);
  for (const one of tests) printTest(one, file);
}

/** Who misses a variable there may have it set on the machine. */
function adviceOn({ file, config, problems }: SuiteResult): string {
  const isOfConfig = problems.some((problem) => problem.file !== file);
  return isOfConfig ? `; variables of ${config} come from this suite's env alone` : "";
}

function printTest({ name, failures }: TestResult, file: string): void {
  if (failures.length === 0) return print(`  ${colour("green", "✓")} ${name}`);
  print(`  ${colour("red", "✗")} ${colour("bold", name)}  ${colour("dim", "- expected, + got")}`);
  for (const failure of failures) printFailure(failure, file);
}

function printFailure(failure: Failure, file: string): void {
  print(`      ${colour("dim", `${file}:${failure.line}:${failure.column}`)}  ${headOf(failure)}`);
  for (const line of linesOf(failure)) print(`        ${coloured(line)}`.trimEnd());
}

function coloured({ sign, text }: Line): string {
  const line = `${sign} ${text}`;
  return sign === " " ? line : colour(sign === "-" ? "green" : "red", line);
}

export function isWell({ broken, failed }: Totals): boolean {
  return broken === 0 && failed === 0;
}

/** `5 tests in 2 suites: all well`, or how many did not. */
export function summaryOf({ suites, broken, tests, failed }: Totals): string {
  const all = `${amount(tests, "test")} in ${amount(suites, "suite")}`;
  const faults = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(broken > 0 ? [`${amount(broken, "suite")} could not be run`] : []),
  ];
  return `${all}: ${faults.length === 0 ? "all well" : faults.join(", ")}`;
}
