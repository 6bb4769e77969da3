import { spawnSync } from "node:child_process";

/** PostgreSQL will not run as root: nobody runs it then. Otherwise whoever runs the tests does, which is `undefined`. */
export function account(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return { uid: idOf("-u"), gid: idOf("-g") };
}

// What Linux takes for whoever has no number.
const NOBODY = 65_534;

function idOf(which: "-u" | "-g"): number {
  const { status, stdout } = spawnSync("id", [which, "nobody"], { encoding: "utf8" });
  return status === 0 ? Number(stdout) : NOBODY;
}
