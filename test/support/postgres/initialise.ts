import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { account } from "./account.ts";

export const PASSWORD = "relay-test";

/** Makes the data of a server, with the user `postgres`. */
export function initialise(bin: string, folder: string, data: string): void {
  const as = account();
  // Whoever runs it has to be let in.
  chmodSync(folder, 0o755);
  mkdirSync(data, { mode: 0o700 });
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, PASSWORD);
  if (as !== undefined) chownSync(data, as.uid, as.gid);
  const access = ["-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  const args = ["-D", data, ...access, "-E", "UTF8", "--locale=C", "-N"];
  const { status, stderr, error } = spawnSync(join(bin, "initdb"), args, { ...as, cwd: folder, encoding: "utf8" });
  if (status === 0) return;
  const hint = as === undefined ? "" : `; as root, user ${as.uid} runs it, who has to be let into this folder`;
  throw new Error(`initdb failed in ${folder}: ${error?.message ?? stderr}${hint}`);
}
