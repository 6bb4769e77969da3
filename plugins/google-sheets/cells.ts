import { cutText, Rejected } from "cal-relay/sdk";
import { withoutSums } from "./escape.ts";
import type { Cell, Message } from "./options.ts";

/** https://support.google.com/drive/answer/37603 */
const MOST_CHARACTERS = 50_000;

/** A row as it is written. */
export interface Row {
  readonly cells: ReadonlyMap<string, Cell>;
  /** The key's value as the sheet shows it, once it is there; undefined without a key. */
  readonly identity: string | undefined;
  /** What was cut, for people. */
  readonly notes: readonly string[];
}

/** Makes a message's row fit for Google. Throws Rejected where the key has no value to find a row by. */
export function rowOf({ row, key, valueInput }: Message): Row {
  const entries = Object.entries(row);
  const tooLong = entries.filter(([, cell]) => typeof cell === "string" && cell.length > MOST_CHARACTERS);
  const notes = tooLong.map(([name]) => `${name} cut at 50,000 characters`);
  const fitted = entries.map(([name, cell]): [string, Cell] => [
    name,
    valueInput === "raw" ? fit(cell) : withoutSums(fit(cell)),
  ]);
  const cells = new Map(fitted);
  if (key === undefined) return { cells, identity: undefined, notes };

  const value = cells.get(key) ?? "";
  const identity = valueInput === "raw" ? String(value) : String(value).replace(/^'/, "");
  if (identity === "") throw new Rejected(`row.${key}: expected a value, since the row is found by it`);
  // Read as typed, 007 would become the number 7 and never be found again.
  if (valueInput === "user-entered") cells.set(key, `'${identity}`);
  return { cells, identity, notes };
}

/** Half of a character that is written as two would be refused: one that was given so becomes �. */
function fit(cell: Cell): Cell {
  return typeof cell === "string" ? cutText(cell, MOST_CHARACTERS).toWellFormed() : cell;
}
