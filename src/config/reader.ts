import type { z } from "zod";
import type { Filled, Origin } from "./fill.ts";
import { isMapping, valueAt } from "./mapping.ts";
import { type Path, pathKey, type Position, startsWith } from "./problem.ts";
import type { Report } from "./report.ts";
import { descriptionAt, keysAt } from "./shape.ts";
import { didYouMean } from "../sdk/suggest.ts";
import { advice, expectation, expectedTypes, flatten, got, isAbsence, pathOf, typed, type Issue } from "./wording.ts";

/** Holds parts of the file against zod schemas and reports what does not fit, in people's words and never with a secret. */
export class Reader {
  readonly #report: Report;
  readonly #origins: Filled["origins"];
  readonly #hidden = new Set<string>();

  constructor(report: Report, origins: Filled["origins"]) {
    this.#report = report;
    this.#origins = origins;
  }

  /**
   * What the schema makes of the value at `path`, or null after a report. Texts that are one variable become the number or boolean that
   * the schema wants, in the value itself.
   */
  read<T>(schema: z.ZodType<T>, path: Path, value: unknown): T | null {
    return this.#read({ schema, path, value, isOpen: () => false });
  }

  /**
   * The same for a value of which some texts, at the `open` paths, are not known yet (a template, a variable that is not set): leaves out
   * what the schema says of anything at, above and below them.
   */
  check(schema: z.ZodType, path: Path, value: unknown, open: readonly Path[]): void {
    const isOpen = (place: Path): boolean => open.some((one) => startsWith(one, place) || startsWith(place, one));
    this.#read({ schema, path, value, isOpen });
  }

  /** Reports what others found, whose message may quote the text at the path. Of a text that variables made only their names are told. */
  error(path: Path, message: string, position?: Position): void {
    const origin = this.#origins.get(pathKey(path));
    if (origin === undefined) this.#report.error(path, message, position);
    else if (!origin.isMissing) this.#report.error(path, `${whatGives(origin)} cannot be used here`);
  }

  /** From now on no message shows what stands at the path or below. */
  hide(path: Path): void {
    this.#hidden.add(pathKey(path));
  }

  /** True where variables made the text at the path. */
  isFilled(path: Path): boolean {
    return this.#origins.has(pathKey(path));
  }

  /** True where one of them is not set or badly written. */
  isMissing(path: Path): boolean {
    return this.#origins.get(pathKey(path))?.isMissing === true;
  }

  #read<T>(part: Part<T>): T | null {
    for (;;) {
      const result = this.#parse(part);
      if (result === null) return null;
      if (result.success) return result.data;
      const issues = result.error.issues.flatMap(flatten);
      if (issues.some((issue) => this.#coerce(issue, part))) continue;
      for (const issue of issues) this.#tell(issue, part);
      return null;
    }
  }

  #parse<T>({ schema, path, value }: Part<T>): z.ZodSafeParseResult<T> | null {
    try {
      // Messages that the schema's author wrote go before this one; an empty message is therefore ours to word.
      return schema.safeParse(value, { error: () => "" });
    } catch {
      this.#report.error(path, "the schema of this part failed on what is written here");
      return null;
    }
  }

  #tell(issue: Issue, { schema, path: base, value: root, isOpen }: Part): void {
    const inner = pathOf(issue);
    const path = [...base, ...inner];
    if (issue.code === "unrecognized_keys") {
      const known = keysAt(schema, inner);
      for (const key of issue.keys)
        this.#report.errorAtKey([...path, key], `unknown key ${JSON.stringify(key)}${didYouMean(key, known)}`);
      return;
    }
    // What a variable lacks has been told already.
    if (isOpen(path) || this.isMissing(path)) return;
    const value = valueAt(root, inner);
    if (value === undefined && isAbsence(issue)) this.#report.errorAtKey(path, required(schema, issue, inner));
    else this.#report.error(path, `${expectation(issue)}${this.#got(path, issue, value)}`);
  }

  #got(path: Path, issue: Issue, value: unknown): string {
    if (value === undefined) return "";
    const origin = this.#origins.get(pathKey(path));
    if (origin !== undefined) return `, got ${whatGives(origin)}`;
    const isHidden = path.some((_, index) => this.#hidden.has(pathKey(path.slice(0, index + 1))));
    if (isHidden && typeof value !== "object")
      return `, got something else (not shown, it may be secret)${advice(issue, value)}`;
    return got(issue, value);
  }

  /** Turns a text that is one variable into what the issue asks for; false where it cannot be that. */
  #coerce(issue: Issue, { path: base, value: root }: Part): boolean {
    const inner = pathOf(issue);
    const last = inner.at(-1);
    const parent = valueAt(root, inner.slice(0, -1));
    const text = valueAt(root, inner);
    if (typeof text !== "string" || last === undefined) return false;
    if (this.#origins.get(pathKey([...base, ...inner]))?.isWhole !== true) return false;
    const value = typed(text, expectedTypes(issue));
    if (value === undefined) return false;
    if (Array.isArray(parent) && typeof last === "number") parent[last] = value;
    else if (isMapping(parent)) parent[last] = value;
    return true;
  }
}

/** A value of the file, and what it is held against. */
interface Part<T = unknown> {
  readonly schema: z.ZodType<T>;
  readonly path: Path;
  readonly value: unknown;
  readonly isOpen: (path: Path) => boolean;
}

function whatGives({ names }: Origin): string {
  return `what ${names.map((name) => `\${${name}}`).join(" and ")} gives`;
}

function required(schema: z.ZodType, issue: Issue, path: Path): string {
  const description = descriptionAt(schema, path);
  if (issue.message !== "") return `required, but missing; ${issue.message}`;
  return description === undefined ? "required, but missing" : `required, but missing: ${description}`;
}
