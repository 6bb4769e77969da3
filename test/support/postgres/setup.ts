import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleepFor } from "node:timers/promises";
import type { TestProject } from "vitest/node";
import { startedAs } from "./shared.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the tests' PostgreSQL is, once one of them has started it. */
    readonly postgresFolder: string;
  }
}

/** Costs nothing where no test needs PostgreSQL: the first that does starts it, and it ends with the run. */
export default function setup(project: TestProject): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cal-relay-postgres-"));
  project.provide("postgresFolder", folder);
  return async function teardown() {
    const started = startedAs(folder);
    if (existsSync(started)) await end(Number(readFileSync(started, "utf8").split(" ")[1]));
    rmSync(folder, { recursive: true, force: true });
  };
}

async function end(pid: number): Promise<void> {
  try {
    process.kill(pid, "SIGQUIT");
    for (;;) {
      process.kill(pid, 0);
      await sleepFor(20);
    }
  } catch {
    // It is gone.
  }
}
