import type { Command } from "commander";
import { formatProblem } from "../config/problem.ts";
import { command, print, printJson, readConfig, Stopped, type CommonOptions } from "./io.ts";

export function check(): Command {
  return command("check", "every problem of the configuration at once, with line and column").action(
    async (options: CommonOptions) => {
      const { config, problems } = await readConfig(options);
      if (options.json) printJson({ problems });
      else for (const problem of problems) process.stderr.write(`${formatProblem(problem)}\n`);
      if (config === null) throw new Stopped(1);
      if (options.json) return;
      const { sources, routes, sinks } = config;
      print(`${options.config}: well; ${sources.length} sources, ${routes.length} routes, ${sinks.length} sinks`);
      for (const { name, missing } of sinks)
        if (missing.length > 0) print(`  ${name} runs dry: ${missing.join(", ")} not set`);
    },
  );
}
