/**
 * The version of what a plugin and the relay agree on, by semantic versioning; it does not follow the package's own. A relay refuses a plugin
 * that was made with another major version.
 */
export const SDK_VERSION = "1.0.0";

const MADE_WITH = Symbol.for("cal-relay.sdk-version");

/** Marks a plugin with the version it was made with. */
export function markVersion(plugin: object): void {
  // A plugin that cannot be marked counts as one that is written out by hand.
  Reflect.defineProperty(plugin, MADE_WITH, { value: SDK_VERSION });
}

/** The version that a plugin was made with, also by another copy of the SDK; undefined for one that no SDK made. */
export function versionOf(plugin: unknown): string | undefined {
  if (typeof plugin !== "object" || plugin === null || !(MADE_WITH in plugin)) return undefined;
  return typeof plugin[MADE_WITH] === "string" ? plugin[MADE_WITH] : undefined;
}
