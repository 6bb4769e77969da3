const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?/i;
const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/i;

/**
 * Epoch milliseconds of an ISO 8601 time with `Z` or an offset, whatever its spelling; a date alone is its midnight in UTC. Undefined for
 * anything else: a time without an offset is no instant.
 */
export function instantOf(value: unknown): number | undefined {
  if (typeof value !== "string" || !INSTANT.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/** Whether a text is a date and time that says not where: it cannot be compared with an instant. */
export function lacksOffset(value: unknown): boolean {
  return typeof value === "string" && DATE_TIME.test(value) && instantOf(value) === undefined;
}
