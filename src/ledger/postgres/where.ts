import type { Value } from "./database.ts";

/** A WHERE clause of the conditions that have a value: `{ "sink =": "crm", "state =": undefined }` → `WHERE sink = $1`. */
export function where(conditions: Readonly<Record<string, string | number | undefined>>): {
  readonly clause: string;
  readonly values: readonly Value[];
} {
  const given = Object.entries(conditions).flatMap(([condition, value]) =>
    value === undefined ? [] : [{ condition, value }],
  );
  return {
    clause:
      given.length === 0 ? "" : `WHERE ${given.map(({ condition }, at) => `${condition} $${at + 1}`).join(" AND ")}`,
    values: given.map(({ value }) => value),
  };
}
