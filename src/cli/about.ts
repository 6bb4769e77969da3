import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";

const schema = z.object({ version: z.string(), description: z.string() });

/** What package.json says of the program. */
export function about(): z.infer<typeof schema> {
  return schema.parse(JSON.parse(readFileSync(manifest(), "utf8")));
}

/** The path of the configuration that comes with the program. */
export function ownConfigFile(): string {
  return join(dirname(manifest()), "relay.config.yaml");
}

/** It is further up from what is compiled than from the sources, so it is looked for. */
function manifest(): string {
  return findPackageJSON(import.meta.url) ?? "";
}
