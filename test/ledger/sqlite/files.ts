import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A folder for the files of one test file, removed after its tests. */
export function folder(): { path(name: string): string } {
  const root = mkdtempSync(join(tmpdir(), "cal-relay-ledger-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return { path: (name) => join(root, name) };
}
