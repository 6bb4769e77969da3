/** Minutes for people: `45 min`, `1 h`, `1 h 30 min`. What is no number of minutes gives the empty text. */
export function duration(minutes: unknown): string {
  if (typeof minutes !== "number" || !Number.isFinite(minutes) || minutes < 0) return "";
  const whole = Math.round(minutes);
  const hours = Math.floor(whole / 60);
  const rest = whole % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}
