import type { Log } from "../observe/log.ts";
import type { SinkLog } from "../sdk/index.ts";

/** What a plugin logs, under its sink's name. */
export function createSinkLog(log: Log, sink: string): SinkLog {
  return {
    debug: (message, fields) => log.debug({ sink, ...fields }, message),
    info: (message, fields) => log.info({ sink, ...fields }, message),
    warn: (message, fields) => log.warn({ sink, ...fields }, message),
  };
}
