import { LineCounter, parseDocument } from "yaml";
import type { Json } from "../event.ts";
import { offsetInScalar } from "./scalar-offset.ts";
import { type Path, pathKey, type Position } from "./problem.ts";
import { syntaxFaults } from "./syntax.ts";
import { type Fault, growTree, type Spot } from "./tree.ts";

/** The file as plain data that knows where everything stands. */
export interface Document {
  /** Null for an empty file, and for one that is no readable YAML. */
  readonly value: Json;
  /** What is wrong with the YAML itself. */
  readonly faults: readonly { readonly position: Position; readonly path: Path; readonly message: string }[];
  /** False where the YAML is too broken for its data to mean anything. */
  readonly isReadable: boolean;
  /** Of the value, or of what is nearest to it. */
  positionOf(path: Path): Position;
  /** Of the key that leads to the value. */
  keyPositionOf(path: Path): Position;
  /** Of a line and column (1-based) inside the text that stands at the path, however the scalar is written. */
  positionInside(path: Path, line: number, column: number): Position;
}

/** Reads one YAML 1.2 document. Never throws. */
export function readDocument(text: string): Document {
  const lines = new LineCounter();
  const broken = readProblems(text);
  if (broken.length > 0) return documentOf(text, lines, null, new Map(), broken, false);
  try {
    const parsed = parseDocument(text, {
      lineCounter: lines,
      // Excerpts of the file could show a secret.
      prettyErrors: false,
      // Also under a %YAML 1.1 directive, where `off` would be false.
      schema: "core",
      merge: false,
      resolveKnownTags: false,
      uniqueKeys: false,
      // "silent" would pass over a second document.
      logLevel: "error",
    });
    const syntax = syntaxFaults(parsed, text, lines);
    if (parsed.errors.length > 0) return documentOf(text, lines, null, new Map(), syntax, false);
    const tree = growTree(parsed);
    return documentOf(text, lines, tree.value, tree.spots, [...syntax, ...tree.faults], tree.isComplete);
  } catch (error) {
    // The parser recurses: thousands of opening brackets exhaust the stack.
    const message = error instanceof RangeError ? "nested too deeply to be read" : "not readable as YAML";
    return documentOf(text, lines, null, new Map(), [{ offset: 0, path: [], message }], false);
  }
}

function documentOf(
  text: string,
  lines: LineCounter,
  value: Json,
  spots: ReadonlyMap<string, Spot>,
  faults: readonly Fault[],
  isReadable: boolean,
): Document {
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const nearest = (path: Path): Spot => {
    for (let length = path.length; length >= 0; length--) {
      const spot = spots.get(pathKey(path.slice(0, length)));
      if (spot !== undefined) return spot;
    }
    return { key: null, value: 0, scalar: null };
  };
  return {
    value,
    isReadable,
    faults: faults.map(({ offset, path, message }) => ({ position: positionAt(offset), path, message })),
    positionOf: (path) => positionAt(nearest(path).value),
    keyPositionOf: (path) => positionAt(nearest(path).key ?? nearest(path).value),
    positionInside(path, line, column) {
      const { scalar, value: start } = nearest(path);
      return positionAt(scalar === null ? start : offsetInScalar(text, scalar, line, column));
    },
  };
}

/** Bytes that are no text at all: a UTF-16 file, a binary. */
function readProblems(text: string): Fault[] {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const offset = text.search(/[\u0000-\u0008\u000E-\u001F\uFFFD]/);
  return offset === -1 ? [] : [{ offset, path: [], message: "this is not UTF-8 text" }];
}
