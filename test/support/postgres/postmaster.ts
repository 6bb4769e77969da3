import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a server says of itself in its folder: there from its first moment to its last. */
export interface Postmaster {
  readonly pid: number;
  /** It accepts connections. */
  readonly isReady: boolean;
}

/** Of the server of this folder, `undefined` where none runs. One that was killed could not take its own away. */
export function postmasterOf(folder: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(folder, "data", "postmaster.pid"), "utf8").split("\n");
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  // Empty for a moment while it is written.
  return pid > 0 ? { pid, isReady: lines[7]?.trim() === "ready" } : undefined;
}
