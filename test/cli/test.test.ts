import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram } from "../support/program.ts";
import { tempFolder } from "../support/temp.ts";

const config = `
sources: { cal: {} }
sinks: { archive: { type: file, path: ./archive.jsonl } }
routes:
  - name: paid
    on: BOOKING_PAID
    to: [{ sink: archive, line: { paid: "{{ booking.price }}", by: "\${WHO:-nobody}" } }]
`;

const passes = `
tests:
  - name: payments are kept
    events:
      - event: BOOKING_PAID
        expect: { routes: [paid], messages: { archive: { line: { paid: 9000, by: nobody } } } }
`;

const fails = `
tests:
  - name: meetings are kept
    events:
      - event: MEETING_ENDED
        expect: { routes: [paid] }
`;

/** A folder with these files, most of them in `suites/`. */
function folder(files: Readonly<Record<string, string>>): string {
  const cwd = tempFolder();
  mkdirSync(join(cwd, "suites"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return cwd;
}

test("suites beside the configuration run without sending anything or reading a variable of the machine", async () => {
  const cwd = folder({ "relay.config.yaml": config, "relay.config.test.yaml": passes });
  const { code, stdout, stderr } = await runProgram(["test"], { cwd, env: { WHO: "the machine" } });
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toBe("relay.config.test.yaml\n  ✓ payments are kept\n1 test in 1 suite: all well\n");
  expect(() => readFileSync(join(cwd, "archive.jsonl"))).toThrow("ENOENT");
});

test("every suite runs whatever became of those before, and what went wrong is said and written for a CI service", async () => {
  const cwd = folder({
    "relay.config.yaml": config,
    "suites/a.test.yaml": fails,
    "suites/b.test.yaml": passes.replace("routes: [paid]", "routes: [payd]"),
    "suites/c.test.yaml": `config: ../broken.yaml\n${passes}`,
    "suites/d.test.yaml": passes,
    "broken.yaml": config.replace("type: file", "type: fil"),
  });
  const args = ["test", "suites", "missing.test.yaml", "broken.yaml", "--junit", "reports/junit.xml"];
  const { code, stdout, stderr } = await runProgram(args, { cwd });
  expect(code).toBe(1);
  expect(stdout).toBe(`suites/a.test.yaml
  ✗ meetings are kept  - expected, + got
      suites/a.test.yaml:6:27  event 1, MEETING_ENDED: routes
        - ["paid"]
        + []
          route paid: on: expected BOOKING_PAID, saw "MEETING_ENDED"
suites/b.test.yaml
  ✗ cannot be run: 1 problem
suites/c.test.yaml
  ✗ cannot be run: 1 problem; variables of broken.yaml come from this suite's env alone
suites/d.test.yaml
  ✓ payments are kept
missing.test.yaml
  ✗ cannot be run: 1 problem
broken.yaml
  ✗ cannot be run: 1 problem
`);
  expect(stderr)
    .toBe(`suites/b.test.yaml:6:28  tests[0].events[0].expect.routes[0]  unknown route "payd"; did you mean paid?
broken.yaml:3:27  sinks.archive.type  unknown sink type "fil"; did you mean file?
missing.test.yaml:1:1  cannot be read (ENOENT)
broken.yaml:1:1  suites are named *.test.yaml: that of broken.yaml is broken.test.yaml
cal-relay: 2 tests in 6 suites: 1 failed, 4 suites could not be run
`);
  expect(readFileSync(join(cwd, "reports/junit.xml"), "utf8")).toMatch(
    /^<\?xml .*\n<testsuites .*tests="6" failures="1" errors="4">/,
  );
});

test("--json gives programs the same", async () => {
  const cwd = folder({ "relay.config.yaml": config, "x.test.yaml": fails, "y.test.yaml": "tests: []\n" });
  const { code, stdout } = await runProgram(["test", "--json"], { cwd });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    suites: 2,
    broken: 1,
    tests: 1,
    failed: 1,
    results: [
      {
        file: "x.test.yaml",
        config: "relay.config.yaml",
        problems: [],
        tests: [
          {
            name: "meetings are kept",
            failures: [
              { event: 1, name: "MEETING_ENDED", of: "routes", differences: [{ expected: ["paid"], got: [] }] },
            ],
          },
        ],
      },
      { file: "y.test.yaml", problems: [{ line: 1, path: "tests" }], tests: [] },
    ],
  });
});

test("without a suite, test says how to write one", async () => {
  const { code, stdout, stderr } = await runProgram(["test"], { cwd: folder({ "relay.config.yaml": config }) });
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^cal-relay: no \*\.test\.yaml in .*relay\.config\.test\.yaml.*- event: BOOKING_CREATED/s);
});
