// A1 notation: https://developers.google.com/workspace/sheets/api/guides/concepts#cell. Columns count from 0, rows from 1.

/** `0` → `A`, `26` → `AA`. */
export function letters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : letters(Math.floor(column / 26) - 1) + last;
}

/** `("Ann's", "A1:C1")` → `'Ann''s'!A1:C1`. Without a tab Google takes the first one. */
export function inTab(tab: string | undefined, cells: string): string {
  return tab === undefined ? cells : `'${tab.replaceAll("'", "''")}'!${cells}`;
}

/** `(1, 3, 5)` → `B5:D5`. */
export function inRow(first: number, last: number, row: number): string {
  return `${letters(first)}${row}:${letters(last)}${row}`;
}

/** Where a range begins: `Tab!B5:D5` → column 1 of row 5. Undefined for anything but cells of one row. */
export function startOf(range: string): { readonly column: number; readonly row: number } | undefined {
  const [, column, row, end] = /(?:^|!)([A-Z]+)(\d+)(?::[A-Z]+(\d+))?$/.exec(range) ?? [];
  if (column === undefined || row === undefined || (end !== undefined && end !== row)) return undefined;
  const number = Array.from(column).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
  return { column: number - 1, row: Number(row) };
}
