import { expect, test } from "vitest";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { freshLedgerDatabase } from "../../support/postgres/shared.ts";
import { query } from "../../support/postgres/query.ts";
import { arrival, delivered } from "../samples.ts";
import { openRelay, upTo } from "./relays.ts";

// pg-boss's table is another's, which a person may empty, and a backup may bring back as it was: the ledger delivers all the same.
const LONG = 40_000;
const IDS = upTo(6).map((at) => `dlv_e${at}-1`);

test.each([
  ["are gone", "DELETE FROM cal_relay_queue.job"],
  ["have failed", "UPDATE cal_relay_queue.job SET state = 'failed'"],
  ["were completed by somebody else", "UPDATE cal_relay_queue.job SET state = 'completed', completed_on = now()"],
  [
    "are another's",
    "UPDATE cal_relay_queue.job SET id = gen_random_uuid(); UPDATE cal_relay_queue.job SET state = 'failed' WHERE singleton_key = 'e1'",
  ],
])(
  "delivers everything though the jobs in pg-boss %s",
  async (_, damage) => {
    const url = await freshLedgerDatabase();
    const before = await openRelay(url);
    for (const at of upTo(6)) await before.accept(arrival({ id: `e${at}` }));
    await before.close();
    await query(url, damage);
    const ledger = await openRelay(url);
    const settled = await settleAll(ledger, 6);
    expect(settled.toSorted()).toEqual(IDS);
    expect(
      await query(url, "SELECT name FROM cal_relay_queue.job WHERE state IN ('created', 'active', 'failed')"),
    ).toEqual([]);
  },
  LONG,
);

/** Settles until so many are. */
async function settleAll(ledger: Ledger, count: number): Promise<string[]> {
  const settled: string[] = [];
  await expect
    .poll(
      async () => {
        for (const claim of await ledger.claim("crm", 10, 1_000)) {
          settled.push(claim.delivery.id);
          await ledger.settle(claim, delivered);
        }
        return settled.length;
      },
      { timeout: 20_000 },
    )
    .toBe(count);
  return settled;
}
