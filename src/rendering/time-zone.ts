/** Whether a value is the name of a time zone (IANA, or an offset such as `+02:00`). */
export function isTimeZone(value: unknown): value is string {
  if (typeof value !== "string") return false;
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: value }));
  } catch {
    return false; // Intl has no other way to ask
  }
}

/** The city of a zone, for people: `America/New_York` → `New York`, `UTC` → `UTC`. */
export function cityOf(timeZone: string): string {
  return timeZone.slice(timeZone.lastIndexOf("/") + 1).replaceAll("_", " ");
}
