/** What stands in a cell. A formula is what Google would run. */
export type Cell = string | number | boolean | { readonly formula: string };
export type Input = string | number | boolean | null;

/** A range as it was asked for, in columns from 0 and rows from 1; unbounded ends are the tab's own. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Tab {
  /** The rows with something in them. "" is an empty cell. */
  rows: Cell[][];
  /** How many columns there are; nothing can be written beyond. */
  columns: number;
}

const ROWS = 1000;

/** The area of `A1:C3`, `A:A`, `1:1` or `A1` in a tab; undefined where it cannot be read so or begins outside the tab. */
export function areaOf(cells: string, tab: Tab): Area | undefined {
  const [, c1 = "", r1 = "", colon, c2 = "", r2 = ""] = /^([A-Z]*)(\d*)(?:(:)([A-Z]*)(\d*))?$/.exec(cells) ?? [];
  if (c1 + r1 === "" || (colon !== undefined && c2 + r2 === "") || (colon === undefined && (c1 === "" || r1 === "")))
    return undefined;
  const left = c1 === "" ? 0 : columnOf(c1);
  const top = r1 === "" ? 1 : Number(r1);
  const right = colon === undefined ? left : c2 === "" ? tab.columns - 1 : columnOf(c2);
  const bottom = colon === undefined ? top : r2 === "" ? ROWS : Number(r2);
  return left >= tab.columns || top > ROWS ? undefined : { left, right, top, bottom };
}

export function nameOf(area: Area): string {
  return `${lettersOf(area.left)}${area.top}:${lettersOf(area.right)}${area.bottom}`;
}

/** Without trailing empty rows and cells, as Google leaves them out. A formula shows as its result. */
export function read(tab: Tab, area: Area): (string | number | boolean)[][] {
  const rows = tab.rows.slice(area.top - 1, area.bottom).map((row) => {
    const cells = row.slice(area.left, area.right + 1).map((cell) => (typeof cell === "object" ? "(result)" : cell));
    return cells.slice(0, cells.findLastIndex((cell) => cell !== "") + 1);
  });
  return rows.slice(0, rows.findLastIndex((row) => row.length > 0) + 1);
}

/** null skips a cell, "" clears it. */
export function write(tab: Tab, { left, top }: Area, values: readonly (readonly Input[])[], typed: boolean): void {
  for (const [down, inputs] of values.entries()) {
    for (let row = tab.rows.length; row < top + down; row++) tab.rows.push([]);
    const row = tab.rows[top + down - 1] ?? [];
    for (const [across, input] of inputs.entries()) {
      for (let column = row.length; column <= left + across; column++) row.push("");
      if (input !== null) row[left + across] = typed ? asTyped(input) : input;
    }
  }
}

/** Where a row goes that is appended to the table in `area`: below it, from its first column. */
export function endOfTable(tab: Tab, area: Area): { readonly left: number; readonly top: number } {
  const first = read(tab, { ...area, bottom: area.top })[0]?.findIndex((cell) => cell !== "") ?? -1;
  if (first === -1) return { left: area.left, top: area.top };
  let top = area.top;
  while (read(tab, { ...area, top, bottom: top }).length > 0) top += 1;
  return { left: area.left + first, top };
}

/** What Google makes of input that a person might have typed; dates stay texts here. */
function asTyped(input: string | number | boolean): Cell {
  if (typeof input !== "string") return input;
  if (input.startsWith("'")) return input.slice(1);
  if (/^[+-]?\d+(\.\d+)?$/.test(input)) return Number(input);
  if (/^(true|false)$/i.test(input)) return input.toLowerCase() === "true";
  return /^\s*[=+\-@＝＋－＠]/.test(input) ? { formula: input } : input;
}

function columnOf(letters: string): number {
  return Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function lettersOf(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : lettersOf(Math.floor(column / 26) - 1) + last;
}
