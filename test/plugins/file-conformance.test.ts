import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import file from "../../plugins/file/index.ts";
import { sinkConformance } from "./conformance.ts";

const scratch = join(tmpdir(), `cal-relay-file-${process.pid}`);
afterAll(() => rm(scratch, { recursive: true }));

sinkConformance("file", {
  plugin: file,
  connection: () => ({ path: join(scratch, "lines.jsonl") }),
  message: (mark) => ({ line: { mark } }),
  canaries: [],
});
