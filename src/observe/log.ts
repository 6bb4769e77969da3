import { pino, type DestinationStream, type Logger } from "pino";
import type { Mask } from "./mask.ts";

export type Log = Logger;
export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * One JSON object a line. What may stand in one: names from the configuration, ids, counts, durations, codes. Never a payload, a header
 * or a message. The mask is the last net: it sees the finished line.
 */
export function createLog(options: { level: LogLevel; mask: Mask; destination?: DestinationStream }): Log {
  const settings = {
    level: options.level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: (line: string) => options.mask.text(line) },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}
