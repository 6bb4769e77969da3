import { existsSync } from "node:fs";
import { InvalidArgumentError, type Command } from "commander";
import { jsonSchema } from "../config/json-schema.ts";
import { formatProblem } from "../config/problem.ts";
import { MIGRATIONS } from "../ledger/postgres/schema.ts";
import type { SinkPlugin } from "../sdk/index.ts";
import { suiteJsonSchema } from "../suite/json-schema.ts";
import { builtInSinks } from "../../plugins/index.ts";
import { command, print, printJson, readConfig, type CommonOptions } from "./io.ts";

export function schema(): Command {
  const self = command("schema", "the JSON Schema of the configuration, for editors; sinks of its plugins included");
  return self
    .option("--suite", "that of *.test.yaml suites instead")
    .option("--sql", "instead, the SQL by which an owner prepares PostgreSQL for relays whose user may not")
    .option("--role <user>", "with --sql: the user whom relays connect as", "relay")
    .option("--from <version>", "with --sql: only what a ledger of that version lacks", versionArgument, 0)
    .action(async ({ suite, sql, role, from, ...options }: SchemaOptions) => {
      if (suite && sql) self.error("--suite or --sql, not both");
      if (sql) return print((await import("../ledger/postgres/install.ts")).installSql({ role, from }).trimEnd());
      printJson(suite ? suiteJsonSchema() : jsonSchema(await pluginsOf(options)));
    });
}

interface SchemaOptions extends CommonOptions {
  readonly suite?: true;
  readonly sql?: true;
  readonly role: string;
  readonly from: number;
}

function versionArgument(value: string): number {
  const version = Number(value);
  if (Number.isInteger(version) && version >= 1 && version <= MIGRATIONS.length) return version;
  throw new InvalidArgumentError(
    `expected a version that this program knows, 1 to ${MIGRATIONS.length}, got "${value}"`,
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
