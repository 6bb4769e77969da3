import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";

const packageSchema = z.looseObject({
  name: z.string().optional(),
  type: z.string().optional(),
  scripts: z.record(z.string(), z.string()).optional(),
});

type Package = z.output<typeof packageSchema>;

/** Whether a folder is a checkout of the relay itself. */
export function isCheckout(folder: string): boolean {
  return packageIn(folder)?.name === "cal-relay" && existsSync(join(folder, "plugins/index.ts"));
}

/** The ending of a TypeScript file in a folder that is an ES module, and needs no guess of Node's. */
export function moduleEnding(folder: string): "ts" | "mts" {
  const nearest = upwards(folder).find((one) => existsSync(join(one, "package.json")));
  return nearest === undefined || packageIn(nearest)?.type === "module" ? "ts" : "mts";
}

/** Whether code in a folder can import the relay's package. */
export function hasPackage(folder: string): boolean {
  return upwards(folder).some((one) => existsSync(join(one, "node_modules/cal-relay/package.json")));
}

const PLACEHOLDER = 'echo "Error: no test specified" && exit 1';

/** Makes `npm test` run Node's test runner where it does nothing yet. Returns the script that stands there then, or null without a package.json. */
export function withTestScript(folder: string): { readonly script: string | null; readonly isSet: boolean } {
  const file = join(folder, "package.json");
  const found = packageIn(folder);
  if (found === null) return { script: null, isSet: false };
  const script = found.scripts?.["test"];
  if (script !== undefined && script !== PLACEHOLDER) return { script, isSet: false };
  const text = readFileSync(file, "utf8");
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
  const changed = { ...(JSON.parse(text) as Package), scripts: { ...found.scripts, test: "node --test" } };
  writeFileSync(file, JSON.stringify(changed, null, indent) + (text.endsWith("\n") ? "\n" : ""));
  return { script: "node --test", isSet: true };
}

/** Null where there is none, or none that can be read: whoever broke it will hear of it elsewhere. */
function packageIn(folder: string): Package | null {
  try {
    return packageSchema.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  } catch {
    return null;
  }
}

/** The folder and all above it. */
function upwards(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}
