import { describe, expect, test } from "vitest";
import { junitOf } from "../../src/suite/junit.ts";
import type { SuiteResult } from "../../src/suite/run-suite.ts";
import { parseXml } from "../support/xml.ts";

const NASTY = "<b> & \"two\" 'one' ]]> \u0007\u001B[31m \uD800 \uFFFF — ünïcödé 🎂\nsecond line";
const SHOWN = "<b> & \"two\" 'one' ]]> ��[31m � � — ünïcödé 🎂\nsecond line";

const results: readonly SuiteResult[] = [
  {
    file: "a & b.test.yaml",
    config: "a & b.yaml",
    problems: [{ severity: "warning", file: "a & b.test.yaml", line: 3, column: 1, path: "", message: "no matter" }],
    tests: [
      { name: NASTY, line: 4, column: 5, failures: [] },
      {
        name: "fails",
        line: 9,
        column: 5,
        failures: [
          {
            event: 1,
            name: "BOOKING_CREATED",
            of: "team",
            line: 11,
            column: 9,
            differences: [{ path: "text", expected: NASTY, got: "<ok>" }],
            reasons: [NASTY],
          },
          {
            event: 2,
            name: "PING",
            of: "status",
            line: 12,
            column: 9,
            differences: [{ path: "", expected: "accepted", got: "pong" }],
            reasons: [],
          },
        ],
      },
    ],
  },
  {
    file: "broken.test.yaml",
    config: null,
    problems: [{ severity: "error", file: "broken.test.yaml", line: 1, column: 7, path: "tests", message: NASTY }],
    tests: [],
  },
];

describe("JUnit XML", () => {
  const xml = parseXml(junitOf(results));

  test("has a suite for each file and counts what failed and what could not be run", () => {
    expect(xml).toMatchObject({ name: "testsuites", attributes: { tests: "3", failures: "1", errors: "1" } });
    expect(xml.children.map(({ name, attributes }) => [name, attributes])).toEqual([
      ["testsuite", { name: "a & b.test.yaml", file: "a & b.test.yaml", tests: "2", failures: "1", errors: "0" }],
      ["testsuite", { name: "broken.test.yaml", file: "broken.test.yaml", tests: "1", failures: "0", errors: "1" }],
    ]);
  });

  test("keeps names and values as they are, but for what XML cannot hold", () => {
    const [passed, failed] = xml.children[0]?.children ?? [];
    expect(passed).toMatchObject({
      name: "testcase",
      attributes: { name: SHOWN, classname: "a & b.test.yaml", line: "4" },
      children: [],
    });
    expect(failed?.children).toMatchObject([
      { name: "failure", attributes: { message: "event 1, BOOKING_CREATED: message to team" } },
    ]);
    expect(failed?.children[0]?.text).toContain(
      "a & b.test.yaml:11:9  event 1, BOOKING_CREATED: message to team\n    text\n",
    );
    expect(failed?.children[0]?.text).toContain("  + <ok>\n");
    expect(failed?.children[0]?.text).toContain('event 2, PING: status\n  - "accepted"\n  + "pong"');
  });

  test("tells why a suite could not be run", () => {
    expect(xml.children[1]?.children[0]?.children).toMatchObject([
      { name: "error", text: `broken.test.yaml:1:7  tests  ${SHOWN}` },
    ]);
  });
});

test.each([
  "<a>",
  "<a></b>",
  "<a>&</a>",
  "<a>&nbsp;</a>",
  "<a b='1'/>",
  "<a/><b/>",
  '<a x="1" x="2"/>',
  "<a>\u0001</a>",
  "text",
])("the tests' own parser refuses %j", (text) => {
  expect(() => parseXml(text)).toThrow(SyntaxError);
});
