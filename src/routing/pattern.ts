import { createContext, Script, type Context } from "node:vm";

/** A `$regex` that is safe to try on text from strangers. */
export interface Pattern {
  /** False also where the pattern found no answer in `DEADLINE_MS`. */
  test(text: string): boolean;
}

/**
 * The text comes from whoever books a meeting, and JavaScript's engine may backtrack on it for ever. Long enough for a machine that is
 * short of processors: an ordinary pattern takes 2 ms for a million characters.
 */
const DEADLINE_MS = 500;

/**
 * Steps of one test at the worst. Backtracking over n characters takes up to nᵈ/d! steps, d being the open repeats plus one for a start
 * that is not `^`, so a text is short enough for: 20 million characters for `foo`, 6324 for `@.+com`, 493 for `.*a.*b`, 148 for three
 * repeats. Measured on the worst text for each: 15 to 25 ms; each ambiguous `?` may double that.
 */
const STEPS = 20_000_000;
const FACTORIAL = [1, 1, 2, 6, 24];
const MOST_REPEATS = 3;
const MOST_OPTIONAL = 4;

/** As MongoDB takes them at the start of a pattern: `(?i)acme`. */
const INLINE_OPTIONS = /^\(\?([a-z]+)\)/;

/**
 * Compiles a regular expression of the configuration, or says in a sentence why it is none. `options` are those of MongoDB that JavaScript
 * has: `i`, `m`, `s`, and `u`. What could backtrack for long on a text is tried under a deadline, which takes 0.2 ms; the rest, which is
 * nearly everything people write, takes less than a microsecond.
 */
export function compilePattern(pattern: string, options = ""): Pattern | { readonly refused: string } {
  const [inline = "", more = ""] = INLINE_OPTIONS.exec(pattern) ?? [];
  const source = pattern.slice(inline.length);
  const flags = new Set(options + more);
  if ([...flags].some((flag) => !"imsu".includes(flag)))
    return { refused: `expected $options i, m, s or u, got "${options}${more}"` };
  let regex: RegExp;
  try {
    regex = new RegExp(source, [...flags].join(""));
  } catch (error) {
    return { refused: error instanceof Error ? error.message : "not a regular expression" };
  }
  const longest = longestText(source, flags.has("m"));
  const underDeadline = withDeadline(regex);
  return { test: (text) => (text.length <= longest ? regex.test(text) : underDeadline(text)) };
}

function withDeadline(regex: RegExp): (text: string) => boolean {
  const script = new Script("regex.test(text)");
  const scope = { regex, text: "" };
  let context: Context | undefined;
  return (text) => {
    context ??= createContext(scope); // takes a millisecond, and most patterns never need it
    scope.text = text;
    try {
      return script.runInContext(context, { timeout: DEADLINE_MS }) === true;
    } catch {
      return false; // nothing but the deadline or the engine's stack ends it early
    }
  };
}

/** Characters of the longest text that the pattern needs no deadline for. */
function longestText(source: string, isMultiline: boolean): number {
  const { repeats, optional, isAmbiguous } = shapeOf(source);
  if (isAmbiguous || repeats > MOST_REPEATS || optional > MOST_OPTIONAL) return 0;
  const isAnchored = source.startsWith("^") && !source.includes("|") && !isMultiline;
  const degree = Math.max(1, repeats + (isAnchored ? 0 : 1));
  return Math.floor((STEPS * (FACTORIAL[degree] ?? 1)) ** (1 / degree));
}

/** What makes a pattern backtrack. Ambiguous: a backreference, or a repeated group that holds what can match in two ways. */
interface Shape {
  repeats: number;
  optional: number;
  isAmbiguous: boolean;
}

/** An escape, a class, a group's start or end, a quantifier, an alternative, or one character. */
const TOKEN = /\\k<|\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<\w+>))?|\)|[*+?]\??|\{\d+(?:,\d*)?\}\??|[^]/g;

function shapeOf(source: string): Shape {
  const shape: Shape = { repeats: 0, optional: 0, isAmbiguous: false };
  const groups: { varies: boolean }[] = [];
  let closed: { varies: boolean } | undefined;
  for (const [token] of source.matchAll(TOKEN)) {
    const previous = closed;
    closed = undefined;
    const inner = groups.at(-1);
    if (/^\\([1-9]|k<)/.test(token)) shape.isAmbiguous = true;
    else if (token.startsWith("(")) groups.push({ varies: false });
    else if (token === ")") {
      closed = groups.pop();
      const outer = groups.at(-1);
      if (closed?.varies && outer) outer.varies = true;
    } else if (token === "|" && inner) inner.varies = true;
    else if (/^[*+{?]/.test(token)) {
      const many = !token.startsWith("?");
      const open = many && !/^\{\d+\}/.test(token);
      if (many && previous?.varies) shape.isAmbiguous = true;
      if (open) shape.repeats += 1;
      if (!many) shape.optional += 1;
      if (inner && (open || !many)) inner.varies = true;
    }
  }
  return shape;
}
