import { cutText, didYouMean, Rejected, Unavailable } from "cal-relay/sdk";
import { inTab, letters } from "./a1.ts";
import type { Message } from "./options.ts";
import type { Rows, Sheets } from "./sheets.ts";

/** A tab as it is now. Nothing of it is kept: people move, sort and rename while the relay runs. */
export interface Table {
  /** Row 1 by column, trimmed; "" where blank. Empty when there is no header. */
  readonly header: readonly string[];
  /** The rows, from 1, whose key cell is what was looked for. */
  readonly rows: readonly number[];
}

/** Where the key column was last time: a guess that lets header and keys be read in one request, and is checked by it. */
export type Guesses = Map<string, number>;

/**
 * Reads the header and, with a key, the rows that have its value: one request, or two when the key's column is not where it was (at first:
 * not column A). Throws one of the four failures.
 */
export async function look(
  sheets: Sheets,
  message: Pick<Message, "spreadsheet" | "sheet" | "key">,
  identity: string | undefined,
  guesses: Guesses,
): Promise<Table> {
  const { spreadsheet, sheet, key } = message;
  const top = inTab(sheet, "1:1");
  if (key === undefined) {
    const [first = []] = await sheets.read([top]);
    return { header: headerOf(first), rows: [] };
  }

  const name = JSON.stringify([spreadsheet, sheet, key]);
  let guess = guesses.get(name) ?? 0;
  for (let tries = 0; tries < 3; tries++) {
    const read = await sheets
      .read([top, inTab(sheet, `${letters(guess)}:${letters(guess)}`)])
      .catch((error: unknown) => {
        // The column that was guessed may be gone, and the sheet narrower now.
        if (guess > 0 && error instanceof Rejected) return undefined;
        throw error;
      });
    const [first = [], keys = []] = read ?? [];
    const header = headerOf(first);
    const column = header.indexOf(key);
    if (read !== undefined && (column === guess || column === -1)) {
      guesses.set(name, guess);
      return { header, rows: column === -1 ? [] : rowsWith(keys, identity) };
    }
    guess = Math.max(0, column);
  }
  throw new Unavailable("the sheet's columns are being moved");
}

/** Throws Rejected with this reason when something stands below row 1. */
export async function expectNoRows(sheets: Sheets, sheet: string | undefined, reason: string): Promise<void> {
  const [rows = []] = await sheets.read([inTab(sheet, "1:100")]);
  if (rows.length > 1) throw new Rejected(reason);
}

/** What is wrong with a header for these columns, each with what to do; empty when nothing is. */
export function headerProblems(header: readonly string[], names: Iterable<string>, mayAdd: boolean): string[] {
  return [...names].flatMap((name) => {
    const columns = header.flatMap((one, column) => (one === name ? [letters(column)] : []));
    if (columns.length > 1)
      return [`${columns.length} columns are called "${name}" (${columns.join(", ")}); rename all but one`];
    return columns.length === 0 && !mayAdd ? [unknownColumn(name, header)] : [];
  });
}

/** The columns to add at the right end. Throws Rejected where the header does not fit and may not be added to. */
export function missingColumns(
  header: readonly string[],
  names: readonly string[],
  mayAdd: boolean,
): readonly string[] {
  const problems = headerProblems(header, names, mayAdd);
  if (problems.length > 0) throw new Rejected(problems.join("; "), { answer: { header: shortened(header) } });
  return names.filter((name) => !header.includes(name));
}

function headerOf(rows: Rows): string[] {
  const names = (rows[0] ?? []).map((cell) => String(cell).trim());
  return names.slice(0, names.findLastIndex((name) => name !== "") + 1);
}

function rowsWith(keys: Rows, identity: string | undefined): number[] {
  return keys.flatMap(([cell], at) => (at > 0 && cell !== undefined && String(cell) === identity ? [at + 1] : []));
}

/** A near name is one of the configuration's, but for its spelling; the others may be anything that somebody wrote into row 1. */
function unknownColumn(name: string, header: readonly string[]): string {
  const known = header.filter((one) => one !== "").map((one) => `"${one}"`);
  const hint = didYouMean(`"${name}"`, known) || "; write it into row 1, or set addMissingColumns";
  return `unknown column "${name}"${hint}`;
}

function shortened(header: readonly string[]): string[] {
  return header.slice(0, 100).map((name) => cutText(name, 100));
}
