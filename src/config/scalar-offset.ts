import type { Scalar } from "yaml";

/**
 * The offset in the file of a line and column (1-based) of a scalar's value. Follows value and source side by side: indentation, folding
 * and doubled quotes are what the source has more of. Exact but for runs of blanks and of quotes.
 */
export function offsetInScalar(text: string, scalar: Scalar, line: number, column: number): number {
  const start = scalar.range?.[0] ?? 0;
  const end = scalar.range?.[1] ?? start;
  const value = String(scalar.value);
  const wanted = offsetOf(value, line, column);
  let source = contentStart(text, scalar, start);
  let index = 0;
  for (const character of value) {
    const next = sourceOf(text, scalar, source, end, character);
    if (next === undefined) return start;
    index += character.length;
    if (index > wanted) return next.from;
    source = next.to;
  }
  return Math.min(source, end);
}

function offsetOf(value: string, line: number, column: number): number {
  const lines = value.split("\n").slice(0, line - 1);
  return lines.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}

function contentStart(text: string, { type }: Scalar, start: number): number {
  if (type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE") return start + 1;
  if (type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED") return text.indexOf("\n", start) + 1;
  return start;
}

/** Where the next character of the value stands in the source, from `at` on. */
function sourceOf(
  text: string,
  { type }: Scalar,
  at: number,
  end: number,
  character: string,
): { from: number; to: number } | undefined {
  for (let from = at; from < end; from++) {
    if (type === "QUOTE_DOUBLE" && text[from] === "\\") {
      const width = escapeWidth(text[from + 1]);
      // A backslash at the end of a line joins lines: it stands for no character.
      if (text[from + 1] !== "\n") return { from, to: from + width };
    }
    if (text.startsWith(character, from)) return { from, to: from + character.length };
  }
  return undefined;
}

function escapeWidth(kind = ""): number {
  return (
    new Map([
      ["x", 4],
      ["u", 6],
      ["U", 10],
    ]).get(kind) ?? 2
  );
}
