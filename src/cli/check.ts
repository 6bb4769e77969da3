import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import { formatProblem } from "../config/problem.ts";
import { command, counted, print, printJson, readConfig, Stopped, type CommonOptions } from "./io.ts";
import { askSinks, type Answers, type Finding } from "./online.ts";

export function check(): Command {
  return command("check", "every problem of the configuration at once, with line and column")
    .option("--online", "also ask each sink that has its credentials whether its targets would work")
    .action(async (options: CommonOptions & { online?: true }) => {
      const { config, problems } = await readConfig(options);
      for (const problem of options.json ? [] : problems) process.stderr.write(`${formatProblem(problem)}\n`);
      const answers = config !== null && options.online ? await askSinks(config) : null;
      if (options.json) printJson({ problems, findings: [], ...answers });
      else if (config !== null) tell(options.config, config, answers);
      if (config === null || (answers?.findings.length ?? 0) > 0) throw new Stopped(1);
    });
}

function tell(file: string, config: Config, answers: Answers | null): void {
  if (answers !== null && answers.findings.length > 0) return tellFindings(file, answers);
  const { sources, routes, sinks } = config;
  const parts = [counted(sources, "source"), counted(routes, "route"), counted(sinks, "sink")];
  print(`${file}: well${answers === null ? "" : " online"}; ${parts.join(", ")}`);
  if (answers !== null) print(whoWasAsked(answers).join("\n"));
  else
    for (const { name, missing } of sinks)
      if (missing.length > 0) print(`  ${name} runs dry: ${missing.join(", ")} not set`);
}

function tellFindings(file: string, answers: Answers): void {
  const { findings } = answers;
  const width = Math.max(...findings.map((one) => placeOf(one).length));
  const lines = findings.map((one) => `${placeOf(one).padEnd(width)}  ${one.message}${samplesOf(one)}`);
  const summary = `${file}: ${counted(findings, "thing")} to mend`;
  process.stderr.write(`${[...lines, summary, ...whoWasAsked(answers)].join("\n")}\n`);
}

function placeOf({ sink, target }: Finding): string {
  return target ?? sink;
}

function samplesOf({ triggers }: Finding): string {
  return triggers === null ? "" : ` (with the sample${triggers.length === 1 ? "" : "s"} of ${triggers.join(", ")})`;
}

function whoWasAsked({ asked, skipped }: Answers): string[] {
  return [
    `  asked: ${asked.length === 0 ? "no sink" : asked.join(", ")}`,
    ...skipped.map(({ sink, reason }) => `  not asked: ${sink} (${reason})`),
  ];
}
