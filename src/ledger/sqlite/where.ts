import type { SQLInputValue } from "node:sqlite";
import type { DeliveryState } from "../ledger.ts";

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

/** A condition for `where`. Given up is spelt out besides, as the index of what was given up is. */
export function stateIs(state: DeliveryState | undefined): Readonly<Record<string, SQLInputValue | undefined>> {
  const spelt = state === "dead" || state === "skipped" ? `state = '${state}' AND ` : "";
  return { [`${spelt}state =`]: state };
}
