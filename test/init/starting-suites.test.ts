import { expect, test } from "vitest";
import { formatProblem } from "../../src/config/problem.ts";
import { configurationOf } from "../../src/init/configuration.ts";
import { SINKS, type Choice, type Events, type SinkType } from "../../src/init/plan.ts";
import { suiteOf } from "../../src/init/suite.ts";
import type { SuiteResult } from "../../src/suite/run-suite.ts";
import { runFiles } from "../suite/suites.ts";

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
  return runFiles("relay.config.test.yaml", { "relay.config.yaml": text, "relay.config.test.yaml": suite });
}
