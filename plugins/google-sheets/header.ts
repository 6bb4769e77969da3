import { cutText, didYouMean, Rejected } from "cal-relay/sdk";
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
  if (problems.length > 0) throw new Rejected(problems.join("; "), { answer: { header: shortened(header) } });
  return names.filter((name) => !header.includes(name));
}

/** A near name is one of the configuration's, but for its spelling; the others may be anything that somebody wrote into row 1. */
function unknownColumn(name: string, header: readonly string[]): string {
  const known = header.filter((one) => one !== "").map((one) => `"${one}"`);
  return `unknown column "${name}"${didYouMean(`"${name}"`, known)}`;
}

function shortened(header: readonly string[]): string[] {
  return header.slice(0, 100).map((name) => cutText(name, 100));
}
