import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { defineSink } from "cal-relay/sdk";
import { z } from "zod";

/**
 * A sink that kills its own process where it hurts most: after it wrote, before anyone has heard of it. It looks for what it wrote before
 * only when it is told that it may have, so that a relay which forgets to tell doubles a line.
 */
export default defineSink({
  type: "own",
  title: "Line of a sink that kills",
  connection: z.strictObject({
    path: z.string().describe("where the lines go"),
    trigger: z.string().describe("while this file is there, the next line is the last of this process"),
  }),
  message: z.strictObject({ event: z.string().describe("which event arrived") }),
  secrets: [],
  limits: { concurrency: 4 },
  open: ({ path, trigger }) =>
    Promise.resolve({
      deliver({ event }, { id, maybeDelivered }) {
        if (maybeDelivered && existsSync(path) && readFileSync(path, "utf8").includes(`"${id}"`))
          return Promise.resolve({ note: "an earlier try had arrived" });
        appendFileSync(path, `${JSON.stringify({ event, delivery: id })}\n`);
        if (existsSync(trigger)) {
          rmSync(trigger);
          process.kill(process.pid, "SIGKILL");
        }
        return Promise.resolve({ id });
      },
    }),
});
