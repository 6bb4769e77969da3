import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { withScripts } from "../init/package-scripts.ts";
import { writeText } from "./files.ts";

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

/** How the program is called from a folder. */
export function programName(folder: string): string {
  if (isCheckout(folder)) return "npm run relay --";
  return hasPackage(folder) ? "npx cal-relay" : "cal-relay";
}

/** The script of a folder's package.json; null where there is no package.json, or none that can be read. */
export function scriptOf(folder: string, name: string): string | null {
  return packageIn(folder)?.scripts?.[name] ?? null;
}

/** Adds scripts that a folder's package.json lacks, or has npm's placeholder for; gives the names of those that were added. */
export function addScripts(folder: string, scripts: Readonly<Record<string, string>>): readonly string[] {
  const file = join(folder, "package.json");
  // The relay's own are its own.
  if (!existsSync(file) || isCheckout(folder)) return [];
  const result = withScripts(readFileSync(file, "utf8"), scripts);
  if (result === null || result.added.length === 0) return [];
  writeText(file, result.text);
  return result.added;
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
