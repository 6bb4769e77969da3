// A thread that kills a relay right after a commit: it asks SQLite for the file's version as fast as it can, some 200,000 times a second.
// The version changes once a commit is synced and visible, which is before the relay itself hears of it; between that and the last answer
// of the commit's requests lie some 100 µs for each of them, and the signal is there within a few.
import { DatabaseSync } from "node:sqlite";
import { parentPort } from "node:worker_threads";
import { z } from "zod";

const order = z.object({ file: z.string(), pid: z.number(), commits: z.number() });
const version = z.object({ data_version: z.number() });
const PATIENCE_MS = 5_000;

parentPort?.on("message", (message: unknown) => {
  const { file, pid, commits } = order.parse(message);
  // Read-only, so that it leaves recovery, and the write-ahead log, to the next relay.
  using database = new DatabaseSync(file, { readOnly: true });
  const statement = database.prepare("PRAGMA data_version");
  const read = (): number => version.parse(statement.get()).data_version;
  const deadline = performance.now() + PATIENCE_MS;
  let last = read();
  for (let seen = 0; seen < commits && performance.now() < deadline;) {
    const current = read();
    if (current !== last) seen += 1;
    last = current;
    if (seen === commits) process.kill(pid, "SIGKILL");
  }
});
