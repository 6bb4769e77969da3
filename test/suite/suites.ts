import { loadConfig } from "../../src/config/load.ts";
import { formatProblem } from "../../src/config/problem.ts";
import { runSuite, type SuiteResult } from "../../src/suite/run-suite.ts";
import { headOf, linesOf } from "../../src/suite/text.ts";
import { builtInSinks } from "../../plugins/index.ts";

/** What the suites of these tests are about, in `relay.yaml` beside them. */
export const CONFIG = `
sources: { cal: { customPayload: true }, other: { customPayload: true, secret: "\${OTHER_SECRET:-of the other}" } }
sinks:
  team-slack: { type: slack, token: "\${SLACK_BOT_TOKEN}", optional: true }
  archive: { type: file, path: ./archive.jsonl }
  spare: { type: file, path: ./spare.jsonl }
routes:
  - name: sales
    on: "BOOKING_*"
    filter: { payload.type: strategy-session }
    to:
      - { sink: team-slack, channel: "\${CHANNEL:-#sales}", onUpdate: thread, text: "*{{ booking.title }}* with {{ booking.attendee.name }}" }
      - { sink: team-slack, channel: "#copies", text: "{{ payload.note | default: 'no note' }}" }
  - name: everything
    on: "*"
    to: [{ sink: archive, line: { id: "{{ event.id }}", at: "{{ event.receivedAt }}", now: "{{ 'now' | date: '%H:%M' }}", key: "{{ booking.key }}", source: "{{ event.source }}", payload: "{{ payload }}" } }]
`;

export type Files = Readonly<Record<string, string | undefined>>;

/** Runs a text as if it were relay.test.yaml. Further files lie beside it, or are missing. */
export function run(suite: string, files: Files = {}): Promise<SuiteResult> {
  return runFiles("relay.test.yaml", { "relay.yaml": CONFIG, ...files, "relay.test.yaml": suite });
}

/** Runs one of the files as a suite; the others are all that there is beside it. */
export function runFiles(file: string, files: Files): Promise<SuiteResult> {
  function readFile(path: string): string {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: "ENOENT" });
    return text;
  }
  return runSuite({
    file,
    defaultConfig: "relay.config.yaml",
    exists: (path) => files[path] !== undefined,
    readFile,
    loadConfig: (path, surroundings) =>
      loadConfig({
        file: path,
        text: readFile(path),
        ...surroundings,
        readFile,
        plugins: builtInSinks,
        loadPlugin: () => Promise.reject(new Error("no plugins here")),
      }),
  });
}

/** A suite's problems, as people read them. */
export async function problemsOf(suite: string, files?: Files): Promise<string[]> {
  const { problems, tests } = await run(suite, files);
  if (tests.length > 0) throw new Error("the tests were run");
  return problems.map(formatProblem);
}

/** What failed in the one test whose events are given, as people read it; null where it passed. */
export async function failuresOf(events: string, files?: Files): Promise<string | null> {
  const indented = events.trim().replaceAll(/^/gm, "      ");
  const { problems, tests } = await run(`tests:\n  - name: example\n    events:\n${indented}\n`, files);
  const [first] = tests;
  if (first === undefined) throw new Error(problems.map(formatProblem).join("\n"));
  if (first.failures.length === 0) return null;
  return first.failures
    .flatMap((failure) => [headOf(failure), ...linesOf(failure).map(({ sign, text }) => `${sign} ${text}`)])
    .join("\n");
}
