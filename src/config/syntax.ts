import { type Document, type LineCounter, visit, type YAMLError } from "yaml";
import type { Fault } from "./tree.ts";

/** What the parser found wrong with the YAML itself: the first fault of each line, since on what follows it only stumbles. */
export function syntaxFaults(document: Document, text: string, lines: LineCounter): Fault[] {
  const faults = new Map<number, Fault>();
  let stumbled = -Infinity;
  for (const error of [...document.errors, ...document.warnings]) {
    const offset = placeOf(error, document, text);
    const { line } = lines.linePos(offset);
    // Behind a quote that ends too early nothing is expected any more, down to the last line.
    const stumbles = UNEXPECTED.test(error.message) && line - stumbled <= 2;
    if (UNEXPECTED.test(error.message)) stumbled = line;
    if (!stumbles && !faults.has(line)) faults.set(line, { offset, path: [], message: `YAML: ${wording(error)}` });
  }
  return [...faults.values()];
}

const UNEXPECTED = /^Unexpected/;
const UNCLOSED_QUOTE = /^Missing closing/;

// One of the parser's codes stands for many mistakes, so that its words are what is put into people's.
const WORDS: readonly (readonly [theirs: RegExp, ours: string])[] = [
  [/^Source contains multiple documents/, "a second document starts here (---); the configuration is one"],
  [/^Tabs are not allowed/, "a tab cannot indent; use spaces"],
  [/^Unresolved tag/, "tags (!name) are not supported; put text that starts with ! in quotes"],
  [/at the same column|^Sequence item without/, "this line is not indented like those that it belongs to"],
  [/end with a [\]}]$/, "a [ or { is not closed before this line"],
  [
    /^Implicit (map )?keys/,
    "expected `key: value`; is a colon or the blank after it missing, or is this line not indented far enough?",
  ],
  [/^Nested mappings/, "a colon with a blank after it is inside text; put the text in quotes"],
  [/^A block sequence may not/, "a list starts on a line of its own"],
  [UNCLOSED_QUOTE, "this quote is not closed"],
  [/^Alias cannot be/, "text that starts with * stands in quotes"],
  [/^Plain value cannot start with .*(.)$/, "text that starts with $1 stands in quotes"],
  [/^Invalid escape sequence/, "in double quotes a \\ is written \\\\; in single quotes it stands as it is"],
  [
    UNEXPECTED,
    "this is unexpected here; text with quotes, brackets or braces in it stands in quotes as a whole, in single ones where it has double ones",
  ],
];

function wording({ message }: YAMLError): string {
  for (const [theirs, ours] of WORDS) {
    const match = theirs.exec(message);
    if (match !== null) return ours.replace("$1", match[1] ?? "");
  }
  // Some of the parser's own sentences end with the text it stumbled over, which may be a secret.
  return message.replace(/: ".*"$/s, "");
}

/** Where a person would look: at the quote that is not closed, and not at the end of the file; at the words of a line, not at its indent. */
function placeOf({ pos, message }: YAMLError, document: Document, text: string): number {
  const [offset] = pos;
  const indent = /^ */.exec(text.slice(offset))?.[0].length ?? 0;
  return UNCLOSED_QUOTE.test(message) ? quoteBefore(offset, document) : offset + indent;
}

function quoteBefore(end: number, document: Document): number {
  let start = end;
  visit(document, {
    Scalar(_, { type, range }) {
      if (type?.startsWith("QUOTE") && range && range[0] < end) start = range[0];
    },
  });
  return start;
}
