import type { DeliveryState } from "../ledger.ts";
import type { Transaction } from "./database.ts";
import { insert } from "./insert.ts";

export interface Change {
  readonly sink: string;
  readonly state: DeliveryState;
  readonly change: number;
}

/** Keeps the table `backlog` by. Call with every change of state, but from and to `running`, which counts as waiting. */
export async function count(tx: Transaction, changes: readonly Change[]): Promise<void> {
  const sums = new Map<string, Change>();
  for (const { sink, state: told, change } of changes) {
    const state = told === "running" ? "waiting" : told;
    const name = `${sink} ${state}`;
    sums.set(name, { sink, state, change: (sums.get(name)?.change ?? 0) + change });
  }
  await insert(
    tx,
    BACKLOG,
    [...sums.values()].filter(({ change }) => change !== 0),
  );
}

const BACKLOG = {
  table: "cal_relay.backlog",
  columns: { sink: "text", state: "text", change: "bigint" },
} as const;

/** Adds the lines up to one for each sink and state. Those that others add meanwhile stay. */
export async function addUp(tx: Transaction): Promise<void> {
  await tx.run(
    `WITH gone AS (DELETE FROM cal_relay.backlog RETURNING sink, state, change)
     INSERT INTO cal_relay.backlog SELECT sink, state, sum(change) FROM gone GROUP BY sink, state HAVING sum(change) <> 0`,
  );
}
