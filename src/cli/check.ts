import type { Command } from "commander";
import { formatProblem } from "../config/problem.ts";
import { command, counted, print, printJson, readConfig, Stopped, type CommonOptions } from "./io.ts";
import { askSinks } from "./online.ts";

export function check(): Command {
  return command("check", "every problem of the configuration at once, with line and column")
    .option("--online", "also ask each sink that has its credentials whether its targets would work")
    .action(async (options: CommonOptions & { online?: true }) => {
      const { config, problems } = await readConfig(options);
      const findings = config !== null && options.online ? await askSinks(config) : [];
      if (options.json) printJson({ problems, findings });
      for (const problem of options.json ? [] : problems) process.stderr.write(`${formatProblem(problem)}\n`);
      for (const { sink, target, message } of options.json ? [] : findings)
        process.stderr.write(`${target ?? sink}  ${message}\n`);
      if (config === null || findings.length > 0) throw new Stopped(1);
      if (options.json) return;
      const { sources, routes, sinks } = config;
      const parts = [counted(sources, "source"), counted(routes, "route"), counted(sinks, "sink")];
      print(`${options.config}: well; ${parts.join(", ")}`);
      for (const { name, missing } of sinks)
        if (missing.length > 0) print(`  ${name} runs dry: ${missing.join(", ")} not set`);
    });
}
