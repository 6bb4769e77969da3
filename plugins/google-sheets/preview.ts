import { rowOf } from "./cells.ts";
import type { Cell, Message } from "./options.ts";

/** Characters of a line; a row that is wider stands in lines, a cell each. */
const WIDTH = 100;

/** Where the row goes and the row under its headers, as the sheet shows it. Throws Rejected where the key has no value. */
export function preview(message: Message): string {
  const { spreadsheet, sheet, key, addMissingColumns } = message;
  const { cells, identity, notes } = rowOf(message);
  const shown = [...cells].map(([name, cell]): [string, string] => [name, shownCell(cell, message)]);
  const what = key === undefined ? "adds a row" : `updates the row with ${key} ${identity}, or adds it`;
  const told = [...notes, ...(addMissingColumns ? ["columns that are missing are added"] : [])];
  return [
    `${sheet === undefined ? "the first tab" : `tab ${sheet}`}, ${what}`,
    `https://docs.google.com/spreadsheets/d/${spreadsheet}`,
    "",
    ...table(shown),
    ...(told.length === 0 ? [] : ["", `(${told.join("; ")})`]),
  ].join("\n");
}

function shownCell(cell: Cell, { key, valueInput }: Message): string {
  if (cell === null) return key === undefined ? "" : "(left as it is)";
  if (cell === "" && key !== undefined) return "(cleared)";
  if (typeof cell === "boolean") return cell ? "TRUE" : "FALSE";
  const text = String(cell).replaceAll(/\r?\n|\r/g, " ↵ ");
  // What makes a cell text is not shown in it.
  return valueInput === "user-entered" ? text.replace(/^'/, "") : text;
}

function table(cells: readonly (readonly [string, string])[]): string[] {
  const widths = cells.map((cell) => Math.max(...cell.map(widthOf)));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total <= WIDTH)
    return [0, 1].map((line) =>
      cells
        .map((cell, at) => pad(cell[line] ?? "", widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  const names = Math.max(...cells.map(([name]) => widthOf(name)));
  return cells.map(([name, cell]) => `${pad(name, names)}  ${cell}`.trimEnd());
}

function pad(text: string, width: number): string {
  return text + " ".repeat(width - widthOf(text));
}

function widthOf(text: string): number {
  return Array.from(text).length;
}
