import type { Json } from "../event.ts";
import type { Difference, Failure } from "./failure.ts";

/** A line of a failure: what was expected (`-`), what was there instead (`+`), or what is to be known of both. */
export interface Line {
  readonly sign: "-" | "+" | " ";
  readonly text: string;
}

/** Characters of a value on one line. */
const WIDTH = 100;
const MOST_LINES = 16;

/** Which event and what of it: `event 2, BOOKING_RESCHEDULED: the message to team-slack`. */
export function headOf({ event, name, of }: Failure): string {
  const what = of === "status" || of === "routes" ? of : `message to ${of}`;
  return `event ${event}, ${name}: ${what}`;
}

/** What was expected against what was there, path by path, then the reasons. */
export function linesOf({ differences, reasons }: Failure): Line[] {
  return [...differences.flatMap(differenceLines), ...reasons.map((text): Line => ({ sign: " ", text }))];
}

function differenceLines({ path, expected, got }: Difference): Line[] {
  if (expected === undefined || got === undefined)
    return [...valueLines("-", expected, path), ...valueLines("+", got, path)];
  const head: Line[] = path === "" ? [] : [{ sign: " ", text: path }];
  if (typeof expected === "string" && typeof got === "string" && /\n/.test(expected + got))
    return [...head, ...textLines(expected.split("\n"), got.split("\n"))];
  return [...head, ...valueLines("-", expected, ""), ...valueLines("+", got, "")];
}

function valueLines(sign: "-" | "+", value: Json | undefined, path: string): Line[] {
  if (value === undefined) return [];
  const flow = flowOf(value);
  const lines = flow.length <= WIDTH || typeof value !== "object" ? [flow] : JSON.stringify(value, null, 2).split("\n");
  const more = lines.length - MOST_LINES;
  const shown = more > 1 ? [...lines.slice(0, MOST_LINES), `… ${more} lines more`] : lines;
  const [first = "", ...others] = shown;
  return [path === "" ? first : `${path}: ${first}`, ...others].map((text) => ({ sign, text }));
}

/** Lines of two texts: those that both begin and end with stand once. */
function textLines(expected: readonly string[], got: readonly string[]): Line[] {
  const shorter = Math.min(expected.length, got.length);
  const start = countWhile(shorter, (index) => expected[index] === got[index]);
  const end = countWhile(shorter - start, (index) => expected.at(-1 - index) === got.at(-1 - index));
  const lines = (sign: Line["sign"], texts: readonly string[]): Line[] =>
    texts.map((text) => ({ sign, text: plain(text) }));
  return [
    ...lines(" ", got.slice(0, start)),
    ...lines("-", expected.slice(start, expected.length - end)),
    ...lines("+", got.slice(start, got.length - end)),
    ...lines(" ", got.slice(got.length - end)),
  ];
}

function countWhile(most: number, holds: (index: number) => boolean): number {
  let count = 0;
  while (count < most && holds(count)) count++;
  return count;
}

/** As in the suite, on one line: `{ $regex: "Strategy" }`. */
function flowOf(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(flowOf).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${keyOf(key)}: ${flowOf(inner)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function keyOf(key: string): string {
  return /^[$A-Za-z_][\w$. -]*$/.test(key) ? key : JSON.stringify(key);
}

/** Without what would move a terminal's cursor. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "�");
}
