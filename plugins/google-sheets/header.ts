import { Rejected, suggest } from "cal-relay/sdk";
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
  const near = suggest(name, known);
  const suggestion = near === null ? "." : `; did you mean "${near}"?`;
  return `unknown column "${name}"${suggestion} The sheet has ${known.map((one) => `"${one}"`).join(", ")}`;
}
