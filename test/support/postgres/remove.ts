import { rmSync } from "node:fs";
import { postmasterOf } from "./postmaster.ts";

const PATIENCE_MS = 10_000;

/**
 * Ends the server of a folder, whoever started it, and takes the folder away. Synchronous, for a process may be ending; twice does no harm.
 * Waits for the server's own word that it is over: where nobody collects orphans, as in many containers, its process never quite goes.
 */
export function removeServer(folder: string): void {
  const running = postmasterOf(folder);
  if (running !== undefined) {
    signal(running.pid, "SIGQUIT");
    const end = performance.now() + PATIENCE_MS;
    while (postmasterOf(folder) !== undefined && isAlive(running.pid) && performance.now() < end) block(20);
    if (postmasterOf(folder) !== undefined) signal(running.pid, "SIGKILL");
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

/** Whether there was such a process. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
