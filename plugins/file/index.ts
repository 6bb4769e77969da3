import { defineSink, Unavailable } from "cal-relay/sdk";
import { fileFailure } from "./classify.ts";
import { lineOf } from "./line.ts";
import { lineFile } from "./line-file.ts";
import { obstacles } from "./obstacles.ts";
import { connection, message } from "./options.ts";
import { preview } from "./preview.ts";

/** Appends each delivery as one line of JSON. Delivered means: on disk. */
export default defineSink({
  type: "file",
  title: "File (JSON Lines)",
  connection,
  message,
  secrets: [],
  limits: { concurrency: 16 },
  preview,

  async open({ path }) {
    const file = lineFile(path);
    return {
      async deliver(rendered, { event, signal }) {
        if (signal.aborted) throw new Unavailable("the time was over before the line was written");
        const written = file.append(lineOf(rendered, event));
        try {
          await inTime(written, signal);
        } catch (error) {
          throw fileFailure(error);
        }
        return undefined;
      },
      check: () => obstacles(path),
      close: () => file.close(),
    };
  },
});

/** A write cannot be called back, so that a line given up on may still come to be written. */
async function inTime(written: Promise<void>, signal: AbortSignal): Promise<void> {
  const late = Promise.withResolvers<never>();
  const giveUp = (): void => late.reject(new Unavailable("the line was not written in time", { ambiguous: true }));
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    await Promise.race([written, late.promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
