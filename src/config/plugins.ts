import type { SinkPlugin } from "../sdk/index.ts";
import type { Path } from "./problem.ts";
import type { Reader } from "./reader.ts";
import type { Report } from "./report.ts";
import { pluginsSchema } from "./schema.ts";

/** The built-in plugins and those that the file names, by type. One that cannot be used is one problem. */
export async function readPlugins(
  value: unknown,
  builtIn: readonly SinkPlugin[],
  load: (specifier: string) => Promise<SinkPlugin>,
  { reader, report }: { readonly reader: Reader; readonly report: Report },
): Promise<ReadonlyMap<string, SinkPlugin>> {
  const plugins = new Map(builtIn.map((plugin) => [plugin.type, plugin]));
  const specifiers = reader.read(pluginsSchema, ["plugins"], value ?? undefined) ?? [];
  const loaded = await Promise.allSettled(specifiers.map(load));
  for (const [index, result] of loaded.entries()) {
    const path: Path = ["plugins", index];
    if (result.status === "rejected") report.error(path, messageOf(result.reason));
    else if (plugins.has(result.value.type))
      report.error(
        path,
        `the plugin ${specifiers[index] ?? ""} cannot be used: type: ${result.value.type} is taken by another plugin`,
      );
    else plugins.set(result.value.type, result.value);
  }
  return plugins;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "the plugin could not be loaded";
}
