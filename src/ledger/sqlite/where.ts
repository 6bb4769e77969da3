import type { SQLInputValue } from "node:sqlite";

/** A WHERE clause of the conditions that have a value: `{ "sink =": "crm", "state =": undefined }` → `WHERE sink = ?`. */
export function where(conditions: Readonly<Record<string, SQLInputValue | undefined>>): {
  readonly clause: string;
  readonly values: readonly SQLInputValue[];
} {
  const given = Object.entries(conditions).flatMap(([condition, value]) =>
    value === undefined ? [] : [{ condition, value }],
  );
  return {
    clause: given.length === 0 ? "" : `WHERE ${given.map(({ condition }) => `${condition} ?`).join(" AND ")}`,
    values: given.map(({ value }) => value),
  };
}
