import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { configurationOf } from "../init/configuration.ts";
import { environmentOf } from "../init/environment.ts";
import { withScripts } from "../init/package-scripts.ts";
import { variablesIn, type Choice } from "../init/plan.ts";
import { suiteOf } from "../init/suite.ts";
import { stop } from "./io.ts";

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
  write(file, text);
  write(suiteFile(file), suite);
  const isWanted = variables.length > 0 && !existsSync(".env");
  // Secrets are going to stand in it.
  if (isWanted) write(".env", environmentOf(variables), 0o600);
  return {
    files: [file, suiteFile(file), ...(isWanted ? [".env"] : [])],
    scripts: addScripts(file === "relay.config.yaml" ? "" : ` --config ${file}`),
    variables: variables.map(({ name }) => name),
  };
}

/** How the program is called from here. */
export function programName(): string {
  if (existsSync(join("node_modules", ".bin", "cal-relay"))) return "npx cal-relay";
  return isOwnCheckout() ? "npm run relay --" : "cal-relay";
}

function write(file: string, text: string, mode = 0o666): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  } catch (error) {
    stop(`${file}: cannot be written (${error instanceof Error && "code" in error ? String(error.code) : "error"})`);
  }
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

function addScripts(config: string): readonly string[] {
  if (!existsSync("package.json") || isOwnCheckout()) return [];
  const result = withScripts(readFileSync("package.json", "utf8"), {
    start: `cal-relay start${config}`,
    check: `cal-relay check${config}`,
    test: `cal-relay test${config}`,
  });
  if (result === null || result.added.length === 0) return [];
  write("package.json", result.text);
  return result.added;
}

/** The relay's own scripts are its own. */
function isOwnCheckout(): boolean {
  return existsSync("package.json") && /"name":\s*"cal-relay"/.test(readFileSync("package.json", "utf8"));
}
