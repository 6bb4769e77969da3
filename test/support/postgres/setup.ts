import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { removeServer } from "./remove.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the tests' PostgreSQL is, once one of them has started it. */
    readonly postgresFolder: string;
  }
}

const PREFIX = "cal-relay-postgres-";

/** Costs nothing where no test needs PostgreSQL: the first that does starts it, and it ends with the run, however that ends. */
export default function setup(project: Pick<TestProject, "provide">): () => void {
  removeAbandoned();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  project.provide("postgresFolder", folder);

  function teardown(): void {
    process.off("exit", teardown);
    for (const signal of SIGNALS) process.off(signal, interrupted);
    removeServer(folder);
  }
  function interrupted(signal: NodeJS.Signals): void {
    teardown();
    process.kill(process.pid, signal);
  }
  // Vitest ends by itself on SIGINT, yet without its teardown.
  process.once("exit", teardown);
  for (const signal of SIGNALS) process.once(signal, interrupted);
  return teardown;
}

const SIGNALS = ["SIGTERM", "SIGHUP"] as const;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What a run left that was killed. A server ends by itself within a minute when its folder is gone. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const { mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity };
    if (mtimeMs < Date.now() - DAY_MS && isOurs(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

function isOurs(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.();
}
