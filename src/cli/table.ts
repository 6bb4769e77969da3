import { stripVTControlCharacters } from "node:util";
import { colour, print, printJson } from "./io.ts";

/** Aligned columns under a header. Cells keep to one line. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map((cell) => cell.replace(/\s+/g, " ").trim()));
  const widths = header.map((name, column) => Math.max(name.length, ...clean.map((row) => width(row[column] ?? ""))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - width(cell))))
      .join("  ")
      .trimEnd();
  return [colour("bold", line(header)), ...clean.map(line)].join("\n");
}

/** What a listing command found: as JSON where asked for, else as a table, or the word for nothing. */
export function printList<Thing>(
  found: readonly Thing[],
  shown: {
    readonly json: boolean;
    readonly none: string;
    readonly header: readonly string[];
    readonly row: (one: Thing) => string[];
  },
): void {
  if (shown.json) printJson(found);
  else print(found.length === 0 ? shown.none : table(shown.header, found.map(shown.row)));
}

function width(cell: string): number {
  return Array.from(stripVTControlCharacters(cell)).length;
}

/** A time as people compare them: `2026-03-02 09:15:04Z`. */
export function time(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** How long ago or ahead, in its largest unit: `3 min`, `2 d`. */
export function span(ms: number): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
    ["s", 1_000],
  ] as const;
  const [unit, size] = units.find(([, each]) => Math.abs(ms) >= each) ?? ["ms", 1];
  return `${Math.round(Math.abs(ms) / size)} ${unit}`;
}

export function stateColour(state: string): string {
  if (state === "delivered") return colour("green", state);
  if (state === "dead") return colour("red", state);
  return state === "skipped" ? colour("yellow", state) : state;
}
