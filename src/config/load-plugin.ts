import { statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { SinkPlugin } from "../sdk/index.ts";
import { checkPlugin, unusable } from "./check-plugin.ts";
import { loadFailure } from "./load-failure.ts";
import { PACKAGE, welcomePlugins } from "./plugin-hooks.ts";

/**
 * Loads sink plugins: files (`./x.ts`, relative to `baseFolder`) and packages (as seen from `baseFolder`). `cal-relay/sdk` and `zod` resolve
 * from wherever a plugin lies. Rejects with a RelayError ("plugin_unusable") that names the plugin and says why.
 */
export function createPluginLoader(baseFolder: string): (specifier: string) => Promise<SinkPlugin> {
  return async function loadPlugin(specifier) {
    welcomePlugins();
    const loaded = await importPlugin(specifier, resolve(baseFolder));
    return checkPlugin(loaded.default, specifier);
  };
}

async function importPlugin(specifier: string, folder: string): Promise<{ readonly default?: unknown }> {
  try {
    return (await import(addressOf(specifier, folder))) as { readonly default?: unknown };
  } catch (error) {
    const file = isFile(specifier) ? resolve(folder, specifier) : null;
    throw unusable(specifier, loadFailure(error, { specifier, file, folder }), error);
  }
}

function addressOf(specifier: string, folder: string): string {
  if (!isFile(specifier)) {
    const from = pathToFileURL(join(folder, "relay.config.yaml")).href;
    return `${PACKAGE}${encodeURIComponent(specifier)}?from=${encodeURIComponent(from)}`;
  }
  const file = resolve(folder, specifier);
  const url = pathToFileURL(file);
  // A file that was changed is loaded anew at the next reload.
  url.searchParams.set("changed", String(statSync(file).mtimeMs));
  return url.href;
}

function isFile(specifier: string): boolean {
  return specifier.startsWith(".") || isAbsolute(specifier);
}
