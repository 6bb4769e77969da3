import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { z } from "zod";

const schema = z.object({ version: z.string(), description: z.string() });

/** What package.json says of the program. It is further up from what is compiled than from the sources, so it is looked for. */
export function about(): z.infer<typeof schema> {
  return schema.parse(JSON.parse(readFileSync(findPackageJSON(import.meta.url) ?? "", "utf8")));
}
