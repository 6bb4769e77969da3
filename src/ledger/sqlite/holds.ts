import type { Hold } from "../ledger.ts";
import * as rows from "../rows.ts";
import type { Store } from "./store.ts";
import type { Wake } from "./writer.ts";

export function hold(store: Store, { sink, by, kind, reason, since, until }: Hold): void {
  store.run("INSERT OR REPLACE INTO holds VALUES (?, ?, ?, ?, ?, ?)", sink, by, kind, reason, since, until);
}

/** False when there was none. */
export function lift(store: Store, sink: string, by: Hold["by"], wake: Wake): boolean {
  const lifted = store.run("DELETE FROM holds WHERE sink = ? AND by = ?", sink, by) === 1;
  if (lifted) wake("*");
  return lifted;
}

export function holds(store: Store): Hold[] {
  return store.all("SELECT * FROM holds ORDER BY sink, by").map((row) => rows.hold.parse(row));
}
