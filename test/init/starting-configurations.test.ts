import { parse } from "yaml";
import { expect, test } from "vitest";
import { builtInSinks } from "../../plugins/index.ts";
import { loadConfig } from "../../src/config/load.ts";
import { formatProblem } from "../../src/config/problem.ts";
import { configurationOf } from "../../src/init/configuration.ts";
import { environmentOf } from "../../src/init/environment.ts";
import { SINKS, variablesIn, type Choice, type Events, type SinkType } from "../../src/init/plan.ts";
import { suiteOf } from "../../src/init/suite.ts";
import { TRIGGERS } from "../../src/cal/triggers.ts";
import { onMatches } from "../../src/routing/match.ts";

// `everything` beside others is everything.
const sinkChoices = someOf(Object.keys(SINKS)).map((sinks) => sinks.join(", "));
const eventChoices = someOf<Events>(["bookings", "meetings", "forms"]).concat([["everything"]]);

test.each(sinkChoices)("whatever is sent to %s, there is no problem", async (list) => {
  const sinks = list.split(", ").filter((one) => one in SINKS) as SinkType[];
  for (const events of eventChoices) {
    const choice: Choice = { sinks, events };
    const text = configurationOf(choice, null);
    // As in the .env that comes with it.
    const env = Object.fromEntries(variablesIn(text, choice).map(({ name }) => [name, ""]));
    expect(await problemsOf(text, env)).toEqual([]);
  }
});

test("a suite sets each variable of its configuration, and expects something of each sink", () => {
  const choice: Choice = { sinks: Object.keys(SINKS) as SinkType[], events: ["everything"] };
  const text = configurationOf(choice, null);
  const suite = suiteOf(choice, { file: "relay.config.yaml", text, schema: null });
  const { env } = parse(suite) as { env: Record<string, string> };
  const taken = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = ""]) => name);
  expect(new Set(["NAME", "CAL_WEBHOOK_SECRET", ...Object.keys(env)])).toEqual(new Set(taken));
  for (const { name } of Object.values(SINKS)) expect(suite).toMatch(new RegExp(`^ {12}${name}: \\{`, "m"));
});

test("everything is every trigger there is, once for each sink", async () => {
  const { config } = await load(configurationOf({ sinks: ["slack", "file"], events: ["everything"] }, null), {});
  for (const sink of ["team-slack", "archive"]) {
    const patterns = (config?.routes ?? [])
      .filter(({ targets }) => targets.some((target) => target.sink === sink))
      .flatMap(({ on }) => on);
    for (const trigger of TRIGGERS)
      expect([sink, trigger, patterns.filter((one) => onMatches(one, trigger)).length]).toEqual([sink, trigger, 1]);
  }
});

test("the first line names the schema where there is one", () => {
  const choice: Choice = { sinks: ["file"], events: ["forms"] };
  expect(configurationOf(choice, "./config/relay.schema.json")).toMatch(
    /^# yaml-language-server: \$schema=\.\/config\/relay\.schema\.json\n#\n# \S/,
  );
  expect(configurationOf(choice, null)).toMatch(/^# Where/);
});

test("a suite names its configuration where the name does not tell", () => {
  const choice: Choice = { sinks: ["file"], events: ["forms"] };
  const text = configurationOf(choice, null);
  expect(parse(suiteOf(choice, { file: "relay.yml", text, schema: null }))).toMatchObject({ config: "./relay.yml" });
  expect(parse(suiteOf(choice, { file: "relay.yaml", text, schema: null }))).not.toHaveProperty("config");
});

test("a .env says of each variable where its value is found", () => {
  const choice: Choice = { sinks: ["slack", "webhook"], events: ["forms"] };
  const lines = environmentOf(variablesIn(configurationOf(choice, null), choice)).split("\n");
  for (const name of ["SLACK_BOT_TOKEN", "WEBHOOK_URL", "WEBHOOK_SIGNING_SECRET"])
    expect(lines[lines.indexOf(`${name}=`) - 1]).toMatch(/^# \S/);
});

/** Every selection of at least one. */
function someOf<One>(all: readonly One[]): One[][] {
  return all.reduce<One[][]>((some, one) => [...some, ...some.map((few) => [...few, one])], [[]]).slice(1);
}

function load(text: string, env: Readonly<Record<string, string>>) {
  return loadConfig({
    file: "relay.config.yaml",
    text,
    env,
    readFile: () => {
      throw new Error("there is no file");
    },
    plugins: builtInSinks,
    loadPlugin: () => Promise.reject(new Error("there is no plugin")),
  });
}

async function problemsOf(text: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  const { config, problems } = await load(text, env);
  expect(config).not.toBeNull();
  return problems.map(formatProblem);
}
