import { Rejected, type Receipt } from "cal-relay/sdk";
import { inRow, inTab, startOf } from "./a1.ts";
import { rowOf, type Row } from "./cells.ts";
import { wrongShape } from "./classify.ts";
import { expectNoRows, look, missingColumns, type Guesses } from "./look.ts";
import type { Cell, Message } from "./options.ts";
import type { Block, Input, Sheets } from "./sheets.ts";

/**
 * Brings one row into the sheet: updates the row that has the key's value, or appends one. Reads before it writes, so that values land
 * under their headers wherever these are now. Must not run beside itself for the same spreadsheet. Throws one of the four failures.
 */
export async function write(sheets: Sheets, message: Message, guesses: Guesses): Promise<Receipt> {
  const row = rowOf(message);
  const { header: before, rows } = await look(sheets, message, row.identity, guesses);
  const header = await complete(sheets, message, before);
  const [at, ...others] = rows;
  const ranges =
    at === undefined ? await append(sheets, message, row, header) : await update(sheets, message, row, header, at);

  const notes = [...row.notes];
  if (ranges.length === 0) notes.push(at === undefined ? "nothing to write" : `nothing to change in row ${at}`);
  if (others.length > 0) notes.push(`row ${at} was updated; rows ${others.join(", ")} have the same ${message.key}`);
  return {
    id: ranges[0],
    url: `https://docs.google.com/spreadsheets/d/${message.spreadsheet}/edit`,
    answer: { updatedRanges: ranges },
    note: notes.length === 0 ? undefined : notes.join("; "),
  };
}

/** The header with every column of the row, written where it was missing. */
async function complete(sheets: Sheets, message: Message, header: readonly string[]): Promise<readonly string[]> {
  const { sheet, row, key, addMissingColumns } = message;
  const isBlank = header.length === 0;
  const missing = missingColumns(header, Object.keys(row), isBlank || addMissingColumns);
  if (missing.length === 0) return header;
  // Under a new key column every booking that has a row would get a second one.
  if (isBlank)
    await expectNoRows(sheets, sheet, "row 1 is blank, though there are rows; expected the column headers there");
  else if (key !== undefined && missing.includes(key))
    await expectNoRows(
      sheets,
      sheet,
      `no column is called "${key}", the key, though there are rows; rename the one it is`,
    );
  const whole = [...header, ...missing];
  const range = inTab(sheet, inRow(header.length, whole.length - 1, 1));
  await sheets.update([{ range, cells: missing }], "RAW");
  return whole;
}

/**
 * The range is anchored to the header, since Google looks in it for the table to append to, and takes any other that it finds. Rows are
 * inserted: two appends that Google resolves to the same last row would overwrite each other without it.
 */
async function append(sheets: Sheets, { sheet, valueInput }: Message, row: Row, header: readonly string[]) {
  const first = header.findIndex((name) => name !== "");
  const cells = header.slice(first).map((name) => row.cells.get(name) ?? null);
  if (cells.every((cell) => cell === null)) return [];
  const range = inTab(sheet, inRow(first, header.length - 1, 1));
  const updated = await sheets.append({ range, cells }, inputs[valueInput]);

  const start = startOf(updated);
  if (start === undefined) throw wrongShape("write");
  // What begins with empty cells may be said to begin after them.
  const expected = [first, first + cells.findIndex((cell) => cell !== null)];
  if (start.row < 2 || !expected.includes(start.column))
    throw new Rejected(`Google put the row at ${updated}, beside its header; move it, and leave no gap in row 1`, {
      answer: { updatedRanges: [updated] },
    });
  return [updated];
}

/** Writes the row's columns and no others, the key's cell excepted: it is what it should be. */
async function update(
  sheets: Sheets,
  { sheet, key, valueInput }: Message,
  row: Row,
  header: readonly string[],
  at: number,
) {
  const cells = header.map((name) => (name === key ? null : (row.cells.get(name) ?? null)));
  const blocks = neighbours(cells).map(({ first, run }): Block => {
    return { range: inTab(sheet, inRow(first, first + run.length - 1, at)), cells: run };
  });
  if (blocks.length === 0) return [];
  const updated = await sheets.update(blocks, inputs[valueInput]);
  if (updated.length !== blocks.length || updated.some((range) => startOf(range)?.row !== at))
    throw wrongShape("write");
  return updated;
}

const inputs = { raw: "RAW", "user-entered": "USER_ENTERED" } as const satisfies Record<Message["valueInput"], Input>;

/** Cells side by side as one block each; null stands between blocks. */
function neighbours(cells: readonly Cell[]): { readonly first: number; readonly run: Cell[] }[] {
  const blocks: { first: number; run: Cell[] }[] = [];
  for (const [column, cell] of cells.entries()) {
    if (cell === null) continue;
    const last = blocks.at(-1);
    if (last !== undefined && last.first + last.run.length === column) last.run.push(cell);
    else blocks.push({ first: column, run: [cell] });
  }
  return blocks;
}
