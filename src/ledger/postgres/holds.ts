import type { Hold } from "../ledger.ts";
import * as rows from "../rows.ts";
import type { Database, Transaction } from "./database.ts";
import { plain } from "./text.ts";
import type { Wake } from "./wake.ts";

export async function hold(tx: Transaction, { sink, by, kind, reason, since, until }: Hold, wake: Wake): Promise<void> {
  await tx.run(
    `INSERT INTO cal_relay.holds (sink, by, kind, reason, since, "until") VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (sink, by) DO UPDATE
     SET kind = excluded.kind, reason = excluded.reason, since = excluded.since, "until" = excluded."until"`,
    sink,
    by,
    kind,
    plain(reason),
    since,
    until,
  );
  wake("*");
}

/** False when there was none. */
export async function lift(tx: Transaction, sink: string, by: Hold["by"], wake: Wake): Promise<boolean> {
  const lifted = (await tx.run("DELETE FROM cal_relay.holds WHERE sink = $1 AND by = $2", sink, by)) === 1;
  if (lifted) wake("*");
  return lifted;
}

export async function holds(database: Database): Promise<Hold[]> {
  const found = await database.rows("SELECT * FROM cal_relay.holds ORDER BY sink, by");
  return found.map((row) => rows.hold.parse(row));
}
