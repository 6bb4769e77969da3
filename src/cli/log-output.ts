import { writeSync } from "node:fs";

/** How often, and how long each time, a reader that is behind is waited for. */
const TRIES = 5;
const PAUSE_MS = 10;

/**
 * Log lines, those of one turn of the event loop in one write: a line costs as much as a delivery's rendering otherwise. What cannot be
 * written, because the disk is full or the reader is stuck, is dropped: a relay that loses a line goes on relaying, and one that waits for
 * its log does not.
 */
export function createLogOutput(fd: number): { write(line: string): void } {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  let pending = "";

  function flush(): void {
    let rest = Buffer.from(pending);
    pending = "";
    for (let tries = 0; rest.length > 0 && tries < TRIES; tries++) {
      try {
        rest = rest.subarray(writeSync(fd, rest));
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) return;
        Atomics.wait(clock, 0, 0, PAUSE_MS);
      }
    }
  }

  process.once("exit", flush);
  return {
    write(line) {
      if (pending === "") setImmediate(flush);
      pending += line;
    },
  };
}
