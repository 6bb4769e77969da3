import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import { sinkConformance } from "cal-relay/sdk/testing";
import file from "../../plugins/file/index.ts";

const scratch = join(tmpdir(), `cal-relay-file-${process.pid}`);
afterAll(() => rm(scratch, { recursive: true }));

sinkConformance(
  { describe, test },
  {
    plugin: file,
    connection: () => ({ path: join(scratch, "lines.jsonl") }),
    message: (mark) => ({ line: { mark } }),
    canaries: [],
  },
);
