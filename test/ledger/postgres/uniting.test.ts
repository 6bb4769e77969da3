import { expect, test } from "vitest";
import type { Claim, Ledger } from "../../../src/ledger/ledger.ts";
import { again, arrival, delivered } from "../samples.ts";
import { pick, threeRelays, upTo } from "./relays.ts";

const BOOKINGS = upTo(6).map((at) => `visit${at}`);

// PostgreSQL takes a second to find transactions that wait for each other, which uniting makes now and then.
const LONG = { timeout: 60_000 };

test(
  "unites bookings while other relays claim, settle and hand back of them: nothing is lost, and what follows is in order",
  LONG,
  async () => {
    const { ledgers, sql } = await threeRelays();
    const settled: string[] = [];
    const total = BOOKINGS.length * 9;
    let claims = 0;

    async function end(ledger: Ledger, claim: Claim): Promise<void> {
      claims += 1;
      if (claims % 5 === 0) return ledger.release(claim);
      const settlement = claims % 4 === 0 ? again(0, { usedAttempt: false }) : delivered;
      if ((await ledger.settle(claim, settlement)) && settlement === delivered) settled.push(claim.delivery.id);
    }

    async function work(ledger: Ledger): Promise<void> {
      while (settled.length < total) for (const claim of await ledger.claim("crm", 4, 1_000)) await end(ledger, claim);
    }

    async function send(booking: string, at: number): Promise<void> {
      // Three rows that nobody knows to be one booking, then what links them, at whichever relay, then more of each.
      const rows = ["a", "b", "c"].map((row) => `${booking}${row}`);
      const [a = "", b = "", c = ""] = rows;
      const told = (id: string, uid: string, previousUid: string | null = null): Promise<unknown> =>
        pick(ledgers, at + id.length).accept(
          arrival({ id: `${booking}${id}`, booking: { uid, previousUid }, known: [id] }),
        );
      await Promise.all(rows.map((uid, row) => told("first".slice(row), uid)));
      await Promise.all([told("ab", b, a), told("cba", c, b)]);
      for (const [turn, uid] of [c, a, b, c].entries()) await told(`late${turn}`.padEnd(6 + turn, "x"), uid);
    }

    await Promise.all([...ledgers.map((ledger) => work(ledger)), ...BOOKINGS.map((booking, at) => send(booking, at))]);

    expect(settled).toHaveLength(total);
    expect(new Set(settled).size).toBe(total);
    for (const booking of BOOKINGS) {
      const late = settled.filter((id) => id.startsWith(`dlv_${booking}late`));
      expect(late.map((id) => id.slice(`dlv_${booking}late`.length)[0])).toEqual(["0", "1", "2", "3"]);
      const keys = await sql(
        `SELECT DISTINCT coalesce(u.key, booking_key) AS key FROM cal_relay.aliases LEFT JOIN cal_relay.united AS u ON lost = booking_key
       WHERE uid LIKE '${booking}%'`,
      );
      expect(keys).toHaveLength(1);
    }
    expect(await ledgers[0].backlog()).toEqual([
      expect.objectContaining({ sink: "crm", state: "delivered", count: total }),
    ]);
  },
);
