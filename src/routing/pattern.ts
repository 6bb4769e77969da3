/** A `$regex` that is safe to try on text from strangers. */
export interface Pattern {
  /** False for a text that is longer than this pattern may be tried on. */
  test(text: string): boolean;
}

/**
 * Steps of one test at the worst. Backtracking over n characters takes up to nᵈ/d! steps, d being the open repeats plus one for a start
 * that is not `^`, so the text's length is bounded by d: 20 million characters for `foo`, 6324 for `@.+com`, 493 for `.*a.*b`, 148 for three
 * repeats. Measured on the worst text for each: 15 to 25 ms; each ambiguous `?` may double that.
 */
const STEPS = 20_000_000;
const FACTORIAL = [1, 1, 2, 6, 24];

/** A fourth repeat would leave 75 characters to try it on. */
const MOST_REPEATS = 3;
const MOST_OPTIONAL = 4;

/**
 * Compiles a regular expression of the configuration, or says in a sentence why it is refused. JavaScript's engine backtracks: a repeat or an
 * alternative inside a repeated group takes exponential time on the right text, and the text comes from whoever books a meeting.
 * `options` are those of MongoDB that JavaScript has: `i`, `m`, `s`, and `u`.
 */
export function compilePattern(source: string, options = ""): Pattern | { readonly refused: string } {
  if (!/^[imsu]*$/.test(options)) return { refused: `expected $options i, m, s or u, got "${options}"` };
  let regex: RegExp;
  try {
    regex = new RegExp(source, [...new Set(options)].join(""));
  } catch (error) {
    return { refused: error instanceof Error ? error.message : "not a regular expression" };
  }
  const { repeats, optional, nested, backreference } = shapeOf(source);
  if (backreference) return { refused: "a backreference may take for ever on the wrong text" };
  if (nested)
    return {
      refused:
        "a repeat or alternative inside a repeated group, as in (a+)+ or (a|b)*, may take for ever on the wrong text",
    };
  if (repeats > MOST_REPEATS || optional > MOST_OPTIONAL)
    return { refused: `more than ${MOST_REPEATS} repeats (* + {2,5}) or ${MOST_OPTIONAL} optional parts (?)` };
  const anchored = source.startsWith("^") && !source.includes("|") && !options.includes("m");
  const degree = Math.max(1, repeats + (anchored ? 0 : 1));
  const longest = Math.floor((STEPS * (FACTORIAL[degree] ?? 1)) ** (1 / degree));
  return { test: (text) => text.length <= longest && regex.test(text) };
}

interface Shape {
  repeats: number;
  optional: number;
  nested: boolean;
  backreference: boolean;
}

/** An escape, a class, a group's start or end, a quantifier, an alternative, or one character. */
const TOKEN = /\\k<|\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<\w+>))?|\)|[*+?]\??|\{\d+(?:,\d*)?\}\??|[^]/g;

/** Counts what makes a pattern backtrack. A group that repeats must hold nothing that can match in two ways. */
function shapeOf(source: string): Shape {
  const shape: Shape = { repeats: 0, optional: 0, nested: false, backreference: false };
  const groups: { varies: boolean }[] = [];
  let closed: { varies: boolean } | undefined;
  for (const [token] of source.matchAll(TOKEN)) {
    const previous = closed;
    closed = undefined;
    const inner = groups.at(-1);
    if (/^\\([1-9]|k<)/.test(token)) shape.backreference = true;
    else if (token.startsWith("(")) groups.push({ varies: false });
    else if (token === ")") {
      closed = groups.pop();
      const outer = groups.at(-1);
      if (closed?.varies && outer) outer.varies = true;
    } else if (token === "|" && inner) inner.varies = true;
    else if (/^[*+{?]/.test(token)) {
      const many = !token.startsWith("?");
      const open = many && !/^\{\d+\}/.test(token);
      if (many && previous?.varies) shape.nested = true;
      if (open) shape.repeats += 1;
      if (!many) shape.optional += 1;
      if (inner && (open || !many)) inner.varies = true;
    }
  }
  return shape;
}
