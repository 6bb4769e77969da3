/** Where variables come from. */
export interface Surroundings {
  /** May hold what stands for a file too, as `file:/path`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Throws where the file cannot be read. */
  readonly readFile: (path: string) => string;
}

export interface FilledText {
  readonly text: string;
  /** The variables in it as people write them: `NAME`, `file:/path`. */
  readonly names: readonly string[];
  /** Those that are not set, or empty: left in the text as they were written. */
  readonly missing: readonly string[];
  /** What was filled in, by name; defaults are not among it. */
  readonly values: readonly (readonly [name: string, value: string])[];
  /** What is wrong with how a variable is written. */
  readonly faults: readonly string[];
  /** The text is one variable and nothing else. */
  readonly isWhole: boolean;
}

// `${{` and `${%` are a dollar sign before Liquid.
const VARIABLE = /\$\$\{|\$\{(?![{%])([^}]*)(\}?)/g;
const FORMS = "write ${NAME}, ${NAME:-default} or ${file:/path}, or $${ where ${ itself is meant";

/** True where the text has a variable, or something that is meant as one. */
export function hasVariable(text: string): boolean {
  return text.search(VARIABLE) !== -1;
}

/**
 * Fills in `${NAME}`, `${NAME:-default}` and `${file:/path}` (its trailing line break dropped); `$${` stands for `${`. A variable that is
 * set but empty counts as not set, since that is how container tools pass on what nobody gave them.
 */
export function fillText(source: string, surroundings: Surroundings): FilledText {
  const names: string[] = [];
  const missing: string[] = [];
  const values: (readonly [string, string])[] = [];
  const faults: string[] = [];
  const text = source.replaceAll(VARIABLE, (written: string, inner: string | undefined, close: string) => {
    if (inner === undefined) return "${";
    const fault = faultOf(inner, close);
    if (fault !== undefined) return (faults.push(fault), written);
    const { name, fallback } = parse(inner);
    names.push(name);
    const value = valueOf(name, surroundings);
    if (value !== undefined) return (values.push([name, value]), value);
    if (fallback !== undefined) return fallback;
    missing.push(name);
    return written;
  });
  return { text, names, missing, values, faults, isWhole: /^\$\{[^}]*\}$/.test(source) };
}

function faultOf(inner: string, close: string): string | undefined {
  if (inner.includes("${")) return `a variable cannot stand inside another; ${FORMS}`;
  if (close === "") return `a \${ without its }; ${FORMS}`;
  const isKnown = /^[A-Za-z_]\w*(:-.*)?$/s.test(inner) || /^file:./s.test(inner);
  return isKnown ? undefined : `this \${…} is no variable; ${FORMS}`;
}

function parse(inner: string): { name: string; fallback: string | undefined } {
  if (inner.startsWith("file:")) return { name: inner, fallback: undefined };
  const [name = inner, ...rest] = inner.split(":-");
  return { name, fallback: rest.length === 0 ? undefined : rest.join(":-") };
}

function valueOf(name: string, { env, readFile }: Surroundings): string | undefined {
  if (Object.hasOwn(env, name)) return env[name] || undefined;
  if (!name.startsWith("file:")) return undefined;
  try {
    return readFile(name.slice("file:".length)).replace(/\r?\n$/, "") || undefined;
  } catch {
    return undefined;
  }
}
