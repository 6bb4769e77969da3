/** What `npm init` writes where there are no tests. */
const PLACEHOLDER = 'echo "Error: no test specified" && exit 1';

export interface WithScripts {
  readonly text: string;
  /** The names of the scripts that were added, or put in the place of npm's placeholder. */
  readonly added: readonly string[];
}

/**
 * The text of a package.json with those of the scripts that it lacks. Indented and ended as it was, as npm itself rewrites it; null where it
 * cannot be read as one.
 */
export function withScripts(text: string, scripts: Readonly<Record<string, string>>): WithScripts | null {
  const parsed = parse(text);
  const own: unknown = isObject(parsed) ? (parsed["scripts"] ?? {}) : null;
  if (!isObject(parsed) || !isObject(own)) return null;
  const wanted = Object.entries(scripts).filter(([name]) => own[name] === undefined || own[name] === PLACEHOLDER);
  if (wanted.length === 0) return { text, added: [] };
  const next = { ...parsed, scripts: { ...own, ...Object.fromEntries(wanted) } };
  return { text: written(next, text), added: wanted.map(([name]) => name) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function written(value: unknown, like: string): string {
  const indent = /^[ \t]+(?=")/m.exec(like)?.[0] ?? 2;
  const eol = like.includes("\r\n") ? "\r\n" : "\n";
  const end = /\s*$/.exec(like)?.[0] ?? "";
  return JSON.stringify(value, null, indent).replaceAll("\n", eol) + end;
}
