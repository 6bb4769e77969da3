import { formatProblem } from "../config/problem.ts";
import { isBroken, totalsOf, type SuiteResult, type TestResult } from "./run-suite.ts";
import { headOf, linesOf } from "./text.ts";

/** The results as JUnit XML, as CI services read it: a testsuite for each file, an error for one that could not be run. */
export function junitOf(results: readonly SuiteResult[]): string {
  const { tests, failed, broken } = totalsOf(results);
  const counts = { tests: tests + broken, failures: failed, errors: broken };
  const lines = results.flatMap(suiteLines).map((line) => `  ${line}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    open("testsuites", { name: "cal-relay test", ...counts }),
    ...lines,
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteLines(result: SuiteResult): string[] {
  const { tests, failed, broken } = totalsOf([result]);
  const head = { name: result.file, file: result.file, tests: tests + broken, failures: failed, errors: broken };
  const cases = isBroken(result) ? brokenLines(result) : result.tests.flatMap((test) => testLines(test, result.file));
  return [open("testsuite", head), ...cases.map((line) => `  ${line}`), "</testsuite>"];
}

function brokenLines({ file, problems }: SuiteResult): string[] {
  const texts = problems.map(formatProblem);
  return [
    open("testcase", { name: "can be run", classname: file, file }),
    `  ${open("error", { message: texts[0] ?? "" })}${escape(texts.join("\n"))}</error>`,
    "</testcase>",
  ];
}

function testLines({ name, line, failures }: TestResult, file: string): string[] {
  const attributes = { name, classname: file, file, line };
  const [first] = failures;
  if (first === undefined) return [`${open("testcase", attributes).slice(0, -1)}/>`];
  const text = failures.flatMap((failure) => [
    `${file}:${failure.line}:${failure.column}  ${headOf(failure)}`,
    ...linesOf(failure).map((one) => `  ${one.sign} ${one.text}`.trimEnd()),
  ]);
  return [
    open("testcase", attributes),
    `  ${open("failure", { message: headOf(first) })}${escape(text.join("\n"))}</failure>`,
    "</testcase>",
  ];
}

function open(name: string, attributes: Readonly<Record<string, string | number>>): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escape(String(value)).replaceAll("\n", "&#10;")}"`,
  );
  return `<${name}${written.join("")}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** As text or in an attribute; what XML 1.0 has no place for shows as �. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "�")
    .replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
