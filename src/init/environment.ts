import type { Variable } from "./starter.ts";

/** The text of a `.env` in which every value is still missing: an empty variable counts as not set. */
export function environmentOf(variables: readonly Variable[]): string {
  const entries = variables.map(({ name, from }) => `# ${from}\n${name}=\n`);
  return `# Read by cal-relay in the folder where it is started. Keep it out of version control. A value with a # needs quotes.\n\n${entries.join("\n")}`;
}
