import { execFile } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

// What no checkout has at first.
const LEFT_OUT = ["node_modules", ".git", "dist", "data"];

/**
 * What `npm pack` makes of a copy of the checkout, so that a `dist` that somebody works with stays as it is. Resolves with the tarball's path.
 */
export async function pack(folder: string): Promise<string> {
  const copy = join(folder, "checkout");
  cpSync(root, copy, { recursive: true, filter: (source) => !LEFT_OUT.includes(relative(root, source)) });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  await run("npm", ["pack", "--pack-destination", folder], { cwd: copy });
  const [tarball = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  return join(folder, tarball);
}

/**
 * What `npm install` makes of a tarball in an empty folder. The dependencies are the checkout's, by links: npm would take half a minute to
 * install them, most of it for googleapis.
 */
export async function install(tarball: string, folder: string): Promise<void> {
  const modules = join(folder, "node_modules");
  const home = join(modules, "cal-relay");
  mkdirSync(home, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", home, "--strip-components=1"]);
  const { bin, dependencies } = manifestOf(home);
  for (const name of Object.keys(dependencies)) link(join(root, "node_modules", name), join(modules, name));
  for (const [name, file] of Object.entries(bin)) {
    chmodSync(join(home, file), 0o755);
    link(join(home, file), join(modules, ".bin", name));
  }
}

export interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly exports: unknown;
}

export function manifestOf(folder: string): Manifest {
  // npm has just read it.
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
