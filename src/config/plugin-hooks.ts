import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { extname } from "node:path";

/** `import(PACKAGE + …)` resolves a package from the folder of the configuration, and not from here. */
export const PACKAGE = "cal-relay-plugin:";

const SDK = /^cal-relay(\/sdk(?:\/testing)?)$/;

let isSdkOurs = false;
let arePluginsAtHome = false;

/**
 * From now on `cal-relay/sdk` is the SDK that this relay runs, for whoever imports it, wherever it lies: beside the sources as beside what is
 * compiled of them, there is one `Rejected` and not two. Called before a plugin is imported, the built-in ones too; called again, it does nothing.
 */
export function useOwnSdk(): void {
  if (isSdkOurs) return;
  isSdkOurs = true;
  const extension = extname(import.meta.url);
  registerHooks({
    resolve(specifier, context, next) {
      const [, path] = SDK.exec(specifier) ?? [];
      if (path === undefined) return next(specifier, context);
      return { url: new URL(`..${path}/index${extension}`, import.meta.url).href, shortCircuit: true };
    },
  });
}

/**
 * From now on a plugin's file may lie in any folder: it finds zod where there is no node_modules, and is read as the module it is whatever a
 * package.json above it says. Called again, it does nothing.
 */
export function welcomePlugins(): void {
  useOwnSdk();
  if (arePluginsAtHome) return;
  arePluginsAtHome = true;
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier.startsWith(PACKAGE)) {
        const [, name = "", from = ""] = /^([^?]*)\?from=(.*)$/.exec(specifier.slice(PACKAGE.length)) ?? [];
        return next(decodeURIComponent(name), { ...context, parentURL: decodeURIComponent(from) });
      }
      if (!/^zod(\/|$)/.test(specifier)) return next(specifier, context);
      try {
        return next(specifier, context);
      } catch {
        return { url: import.meta.resolve(specifier), shortCircuit: true };
      }
    },
    load(url, context, next) {
      return next(url, isMistakenModule(url, context.format) ? { ...context, format: moduleFormat(url) } : context);
    },
  });
}

/** `npm init -y` writes `"type": "commonjs"`, by which Node refuses the `import` of a plugin beside it. */
function isMistakenModule(url: string, format: string | null | undefined): boolean {
  if (!url.startsWith("file:") || url.includes("/node_modules/") || format?.startsWith("module") === true) return false;
  return (
    /\.[jt]s(\?|$)/.test(url) && /^\s*(import\s*[\w{*"']|export\s*[\w{*])/m.test(readFileSync(new URL(url), "utf8"))
  );
}

function moduleFormat(url: string): string {
  return /\.ts(\?|$)/.test(url) ? "module-typescript" : "module";
}
