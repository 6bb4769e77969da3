import { Rejected } from "cal-relay/sdk";
import { letters } from "./a1.ts";

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
  if (problems.length > 0) throw new Rejected(problems.join("; "));
  return names.filter((name) => !header.includes(name));
}

function unknownColumn(name: string, header: readonly string[]): string {
  const known = header.filter((one) => one !== "");
  const [nearest] = known
    .map((one) => ({ one, far: distance(plain(one), plain(name)) }))
    .filter(({ far }) => far <= Math.max(1, name.length / 3))
    .toSorted((a, b) => a.far - b.far);
  const suggestion = nearest === undefined ? "." : `; did you mean "${nearest.one}"?`;
  return `unknown column "${name}"${suggestion} The sheet has ${known.map((one) => `"${one}"`).join(", ")}`;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]+/g, "");
}

/** Levenshtein's: how many letters to add, drop or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of Array.from(a).entries()) {
    let left = i + 1;
    row = row.map((above, j) => {
      if (j === 0) return left;
      const diagonal = row[j - 1] ?? 0;
      left = Math.min(above + 1, left + 1, diagonal + (letter === b[j - 1] ? 0 : 1));
      return left;
    });
  }
  return row.at(-1) ?? 0;
}
