import { existsSync } from "node:fs";
import type { Command } from "commander";
import { jsonSchema } from "../config/json-schema.ts";
import { formatProblem } from "../config/problem.ts";
import type { SinkPlugin } from "../sdk/index.ts";
import { suiteJsonSchema } from "../suite/json-schema.ts";
import { builtInSinks } from "../../plugins/index.ts";
import { command, printJson, readConfig, type CommonOptions } from "./io.ts";

export function schema(): Command {
  return command("schema", "the JSON Schema of the configuration, for editors; sinks of its plugins included")
    .option("--suite", "that of *.test.yaml suites instead")
    .action(async ({ suite, ...options }: CommonOptions & { suite?: true }) =>
      printJson(suite ? suiteJsonSchema() : jsonSchema(await pluginsOf(options))),
    );
}

/** Those of the configuration, whatever else is wrong with it; a plugin that is missing from the schema is said on stderr. */
async function pluginsOf(options: CommonOptions): Promise<readonly SinkPlugin[]> {
  if (!existsSync(options.config)) return builtInSinks;
  const { plugins, problems } = await readConfig(options);
  for (const problem of problems)
    if (problem.path.startsWith("plugins")) process.stderr.write(`${formatProblem(problem)}\n`);
  return plugins;
}
