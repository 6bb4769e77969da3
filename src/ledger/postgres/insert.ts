import type { Transaction, Value } from "./database.ts";

/** Adds rows, all with the same columns. `tail` follows the values: what to do where a row is there already. */
export async function insert(
  tx: Transaction,
  table: string,
  rows: readonly Readonly<Record<string, Value>>[],
  tail = "",
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  const places = rows.map(
    (_, row) => `(${columns.map((_column, at) => `$${row * columns.length + at + 1}`).join(", ")})`,
  );
  const values = rows.flatMap((row) => columns.map((column) => row[column] ?? null));
  await tx.run(`INSERT INTO ${table} (${columns.join(", ")}) VALUES ${places.join(", ")} ${tail}`, ...values);
}
