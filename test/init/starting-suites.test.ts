import { expect, test } from "vitest";
import { builtInSinks } from "../../plugins/index.ts";
import { loadConfig } from "../../src/config/load.ts";
import { formatProblem } from "../../src/config/problem.ts";
import { configurationOf } from "../../src/init/configuration.ts";
import { SINKS, type Choice, type Events, type SinkType } from "../../src/init/plan.ts";
import { suiteOf } from "../../src/init/suite.ts";
import { runSuite, type SuiteResult } from "../../src/suite/run-suite.ts";

// Messages of one sink do not depend on the others, so that each alone and all together are enough.
const eventChoices: readonly (readonly Events[])[] = [
  ["bookings"],
  ["meetings"],
  ["forms"],
  ["meetings", "forms"],
  ["everything"],
];
const selections = [...Object.keys(SINKS).map((type) => [type]), Object.keys(SINKS)].map((sinks) => sinks.join(", "));

test.each(selections)("the suite of a configuration for %s passes, whatever the events", async (list) => {
  const sinks = list.split(", ").filter((one): one is SinkType => one in SINKS);
  for (const events of eventChoices) {
    const { problems, tests } = await run({ sinks, events });
    expect(problems.map(formatProblem)).toEqual([]);
    expect(tests.filter(({ failures }) => failures.length > 0)).toEqual([]);
    expect(tests.length).toBeGreaterThan(0);
  }
});

function run(choice: Choice): Promise<SuiteResult> {
  const text = configurationOf(choice, null);
  const suite = suiteOf(choice, { file: "relay.config.yaml", text, schema: null });
  const files = new Map([
    ["relay.config.yaml", text],
    ["relay.config.test.yaml", suite],
  ]);
  const readFile = (path: string): string => {
    const found = files.get(path);
    if (found === undefined) throw new Error(`there is no ${path}`);
    return found;
  };
  return runSuite({
    file: "relay.config.test.yaml",
    defaultConfig: "relay.config.yaml",
    exists: (path) => files.has(path),
    readFile,
    loadConfig: (file, surroundings) =>
      loadConfig({
        file,
        text: readFile(file),
        ...surroundings,
        readFile,
        plugins: builtInSinks,
        loadPlugin: () => Promise.reject(new Error("there is no plugin")),
      }),
  });
}
