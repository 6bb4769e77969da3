import { isSinkFailure } from "../sdk/index.ts";

/** What a plugin threw, for people. Its own errors may quote what was being sent, and are only named. */
export function pluginFailure(error: unknown): string {
  if (isSinkFailure(error)) return error.message;
  return error instanceof Error ? `the sink plugin failed (${error.name})` : "the sink plugin failed";
}
