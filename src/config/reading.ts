import type { Document } from "./document.ts";
import { isMapping, type Mapping } from "./mapping.ts";
import type { ReadPlugins } from "./plugins.ts";
import type { Reader } from "./reader.ts";
import type { Report } from "./report.ts";

/** What every section of the file is read with. */
export interface Reading extends ReadPlugins {
  /** The whole file, variables filled in. */
  readonly root: Mapping;
  readonly document: Document;
  readonly report: Report;
  readonly reader: Reader;
  /** Variables that are not set, by the optional sink they belong to. */
  readonly missing: ReadonlyMap<string, ReadonlySet<string>>;
  /** Every secret value met so far. */
  readonly secrets: Set<string>;
  /** What `now` is to templates. */
  readonly now: (() => number) | undefined;
}

/** Remembers a secret for masking, and keeps it out of every message. */
export function keepSecret({ secrets, report }: Pick<Reading, "secrets" | "report">, value: string): void {
  if (value === "") return;
  secrets.add(value);
  report.hide(value, "…");
}

/** The entries of a section that maps names to something; null after a report where it is anything else. */
export function entriesOf({ root, report }: Reading, section: string): [string, unknown][] | null {
  const value: unknown = root[section] ?? {};
  if (isMapping(value)) return Object.entries(value);
  report.error([section], `expected a mapping from names to ${section}`);
  return null;
}
