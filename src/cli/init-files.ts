import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { configurationOf } from "../init/configuration.ts";
import { environmentOf } from "../init/environment.ts";
import { variablesIn, type Choice } from "../init/plan.ts";
import { suiteOf } from "../init/suite.ts";
import { writeText } from "./files.ts";
import { addScripts } from "./project.ts";

/** What came of it. */
export interface Written {
  readonly files: readonly string[];
  /** Added to package.json. */
  readonly scripts: readonly string[];
  /** That want a value. */
  readonly variables: readonly string[];
}

/** Which of the files that would be written at this name are there already. */
export function existing(file: string): string[] {
  return [file, suiteFile(file)].filter((one) => existsSync(one));
}

/**
 * Writes the configuration and its suite, over what is there; a `.env` and the scripts of package.json only where they are missing: these
 * are not only ours.
 */
export function writeStart(choice: Choice, file: string): Written {
  const text = configurationOf(choice, schemaFor(file, "relay.schema.json"));
  const suite = suiteOf(choice, { file: basename(file), text, schema: schemaFor(file, "relay-test.schema.json") });
  const variables = variablesIn(text, choice);
  writeText(file, text);
  writeText(suiteFile(file), suite);
  const config = file === "relay.config.yaml" ? "" : ` --config ${file}`;
  const isWanted = variables.length > 0 && !existsSync(".env");
  // Secrets are going to stand in it.
  if (isWanted) writeText(".env", environmentOf(variables), 0o600);
  return {
    files: [file, suiteFile(file), ...(isWanted ? [".env"] : [])],
    scripts: addScripts(resolve(), {
      start: `cal-relay start${config}`,
      check: `cal-relay check${config}`,
      test: `cal-relay test${config}`,
    }),
    variables: variables.map(({ name }) => name),
  };
}

function suiteFile(file: string): string {
  return `${file.replace(/\.ya?ml$/, "")}.test.yaml`;
}

/** Where editors find a schema, as seen from the configuration; null where there is none. */
function schemaFor(file: string, name: string): string | null {
  const places = [join("node_modules", "cal-relay", "config", name), join("config", name)];
  const place = places.find((one) => existsSync(one));
  if (place === undefined) return null;
  const path = relative(dirname(file), place).replaceAll("\\", "/");
  return path.startsWith("..") ? path : `./${path}`;
}
