import type { Transaction, Value } from "./database.ts";

type Type = "text" | "uuid" | "int" | "bigint" | "float8" | "boolean";

/** A table and the columns that are given, with their types. */
export interface Target<Column extends string> {
  readonly table: string;
  readonly columns: Readonly<Record<Column, Type>>;
  /** What to do where a row is there already. */
  readonly conflict?: string;
}

/** Adds rows: one array a column, so that it is one statement for any number of them. */
export async function insert<Column extends string>(
  tx: Transaction,
  { table, columns, conflict = "" }: Target<Column>,
  rows: readonly Readonly<Record<Column, Exclude<Value, readonly unknown[]>>>[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(columns) as Column[];
  const arrays = names.map((name, at) => `$${at + 1}::${columns[name]}[]`);
  await tx.run(
    `INSERT INTO ${table} (${names.join(", ")}) SELECT * FROM unnest(${arrays.join(", ")}) ${conflict}`,
    ...names.map((name) => rows.map((row) => row[name])),
  );
}
