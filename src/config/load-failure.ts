import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { isAbsolute, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as sdk from "../sdk/index.ts";
import { didYouMean } from "../sdk/suggest.ts";

/** What was to be loaded. */
export interface Loading {
  readonly specifier: string;
  /** The plugin's own file; null where it is a package. */
  readonly file: string | null;
  /** The configuration's: paths are told from there. */
  readonly folder: string;
}

interface Spot {
  readonly file: string;
  /** `3:14`, or the line alone. */
  readonly place: string;
}

/** Why a plugin could not be loaded: what happened, where, and what to do. */
export function loadFailure(error: unknown, loading: Loading): string {
  if (!(error instanceof Error)) return "it throws something that is no Error while it is loaded";
  const { folder, specifier } = loading;
  const said = `${error.name}: ${error.message.split("\n", 1)[0] ?? ""}`;
  const spot = spotOf(error, loading);
  const at = spot === undefined ? "" : ` at ${relative(folder, spot.file)}:${spot.place}`;
  switch ("code" in error ? error.code : undefined) {
    case "ENOENT":
      return `there is no such file (looked from ${folder})`;
    case "ERR_MODULE_NOT_FOUND":
      return notFound(error, loading);
    case "ERR_UNSUPPORTED_DIR_IMPORT":
      return "it is a folder; name the file in it";
    case "ERR_UNKNOWN_FILE_EXTENSION":
      return "expected a file that ends in .ts or .js";
    case "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING":
      return `Node.js runs no TypeScript below node_modules: the package ${specifier} has to bring compiled JavaScript`;
    case "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX":
      return `${error.message.split("\n", 1)[0] ?? ""}${at}: types are only taken out, so write it without (a union instead of an enum, a field instead of a parameter property)`;
    case "ERR_INVALID_TYPESCRIPT_SYNTAX":
      return `loading it failed${at}: ${said}`;
  }
  if (error instanceof SyntaxError) return `loading it failed${at}: ${said}${adviceOn(error)}`;
  return `it throws${at} while it is loaded: ${said}`;
}

function notFound({ message }: Error, { specifier, file, folder }: Loading): string {
  const [, kind, wanted = "", importer = ""] =
    /^Cannot find (package|module) '(.+?)' imported from (.+)$/m.exec(message) ?? [];
  if (file === null && wanted === specifier)
    return `there is no such package; npm install ${specifier} (looked from ${folder})`;
  const from = importer === "" ? "it" : relative(folder, importer.replace(/\?.*$/, ""));
  if (kind === "package")
    return `${from} imports the package "${wanted}", which is not installed; npm install ${wanted}`;
  const missing = isAbsolute(wanted) ? relative(folder, wanted) : wanted;
  const ending = /\.\w+$/.test(wanted) ? "" : "; an import names the whole file, such as ./lib.ts";
  return `${from} imports ${missing}, and there is no such file${ending}`;
}

function adviceOn(error: SyntaxError): string {
  const [, module, name] = /module '(.+)' does not provide an export named '(.+)'/.exec(error.message) ?? [];
  if (module === "cal-relay/sdk" && name !== undefined)
    return didYouMean(name, Object.keys(sdk)) || `; if ${name} is a type, write \`import { type ${name} }\``;
  if (name !== undefined) return `; if ${name} is a type, write \`import { type ${name} }\``;
  return "";
}

/** Where it went wrong: the plugin's own file before any other. */
function spotOf(error: Error, { file }: Loading): Spot | undefined {
  const stack = error.stack ?? "";
  const headed = spotOfHead(stack);
  if (headed !== undefined) return headed;
  const spots = [...stack.matchAll(/^ {4}at .*?\(?(file:\/\/\S+?|\/\S+?):(\d+:\d+)\)?$/gm)].map(
    ([, where = "", place = ""]): Spot => ({ file: pathOf(where), place }),
  );
  const own = spots.find((spot) => spot.file === file);
  if (own !== undefined) return own;
  return error instanceof SyntaxError && file !== null ? spotOfReading(file) : undefined;
}

/** A syntax error begins with `file:line`, the line itself, and a mark below the place. */
function spotOfHead(stack: string): Spot | undefined {
  const [, where, line, shown = ""] = /^((?:file:\/\/|\/).+):(\d+)\n([^]*?)(?:\n\n|\n\w*Error)/.exec(stack) ?? [];
  if (where === undefined || line === undefined) return undefined;
  const mark = shown.split("\n").find((text) => /^\s*\^+\s*$/.test(text));
  const column = mark === undefined ? "" : `:${mark.indexOf("^") + 1}`;
  return { file: pathOf(where), place: `${line}${column}` };
}

/** Node does not say where JavaScript goes wrong; the reader of TypeScript does, and reads JavaScript too. */
function spotOfReading(file: string): Spot | undefined {
  try {
    stripTypeScriptTypes(readFileSync(file, "utf8"), { sourceUrl: file });
    return undefined;
  } catch (error) {
    return error instanceof Error ? spotOfHead(error.stack ?? "") : undefined;
  }
}

function pathOf(where: string): string {
  return where.startsWith("file:") ? fileURLToPath(where.replace(/\?.*$/, "")) : where.replace(/\?.*$/, "");
}
