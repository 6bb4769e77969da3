import type { Log } from "../observe/log.ts";
import type { SinkLog } from "../sdk/index.ts";

/** What a plugin logs, under its sink's name. */
export function createSinkLog(log: Log, sink: string): SinkLog {
  return {
    debug: (message, fields) => log.debug({ ...fields, sink }, message),
    info: (message, fields) => log.info({ ...fields, sink }, message),
    warn: (message, fields) => log.warn({ ...fields, sink }, message),
  };
}
