import type { SinkPlugin } from "../sdk/index.ts";
import type { Reader } from "./reader.ts";
import type { Report } from "./report.ts";
import { pluginsSchema } from "./schema.ts";

export interface ReadPlugins {
  /** The built-in ones and those that the file names, by type. */
  readonly plugins: ReadonlyMap<string, SinkPlugin>;
  /** False where one that the file names cannot be used: what types there are is not known then. */
  readonly areAllKnown: boolean;
}

/** Loads the plugins that the file names. One that cannot be used is one problem. */
export async function readPlugins(
  value: unknown,
  builtIn: readonly SinkPlugin[],
  load: (specifier: string) => Promise<SinkPlugin>,
  { reader, report }: { readonly reader: Reader; readonly report: Report },
): Promise<ReadPlugins> {
  const plugins = new Map(builtIn.map((plugin) => [plugin.type, plugin]));
  const owners = new Map(builtIn.map((plugin) => [plugin.type, "a built-in sink"]));
  let areAllKnown = true;
  const specifiers = reader.read(pluginsSchema, ["plugins"], value ?? undefined) ?? [];
  const loaded = await Promise.allSettled(specifiers.map(load));
  for (const [index, result] of loaded.entries()) {
    const specifier = specifiers[index] ?? "";
    const problem =
      result.status === "rejected" ? messageOf(result.reason) : taken(result.value.type, specifier, owners);
    if (problem !== null) report.error(["plugins", index], problem);
    if (result.status === "rejected" || problem !== null) {
      areAllKnown = false;
      continue;
    }
    plugins.set(result.value.type, result.value);
    owners.set(result.value.type, `the plugin ${specifier}`);
  }
  return { plugins, areAllKnown };
}

function taken(type: string, specifier: string, owners: ReadonlyMap<string, string>): string | null {
  const owner = owners.get(type);
  if (owner === undefined) return null;
  return `the plugin ${specifier} cannot be used: type: "${type}" is taken by ${owner}; give it another name`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "the plugin could not be loaded";
}
