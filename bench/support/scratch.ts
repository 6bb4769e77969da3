import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Scratch extends Disposable {
  readonly path: string;
}

/** An empty folder that is gone when the bench is over, or was interrupted. */
export function scratchFolder(): Scratch {
  const path = mkdtempSync(join(tmpdir(), "cal-relay-bench-"));
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  process.once("exit", remove);
  return {
    path,
    [Symbol.dispose]() {
      process.off("exit", remove);
      remove();
    },
  };
}
