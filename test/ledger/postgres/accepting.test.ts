import { expect, test } from "vitest";
import { arrival, delivered } from "../samples.ts";
import { claimOne } from "../scene.ts";
import { pick, threeRelays, upTo } from "./relays.ts";

test("gives the events of one booking one key, one order and one view, though they come to three relays at once", async () => {
  const { ledgers, sql } = await threeRelays();
  const told = upTo(60);
  await Promise.all(
    told.map((at) =>
      pick(ledgers, at).accept(
        arrival({
          id: `e${at}`,
          booking: { uid: `row${at}`, rootUid: "visit" },
          decide: (key, known) => ({
            ...arrival({ id: `e${at}` }).decide(key, known),
            known: [...(Array.isArray(known) ? known : []), at],
          }),
        }),
      ),
    ),
  );

  const [view] = await sql("SELECT known FROM cal_relay.bookings WHERE key = 'visit'");
  const order: unknown = JSON.parse(String(view?.["known"]));
  expect(order).toHaveLength(60);
  const settled: number[] = [];
  while (settled.length < told.length) {
    const ledger = pick(ledgers, settled.length);
    const claim = await claimOne(ledger);
    expect(claim.delivery.bookingKey).toBe("visit");
    settled.push(Number(/\d+/.exec(claim.delivery.id)?.[0]));
    await ledger.settle(claim, delivered);
  }
  expect(settled).toEqual(order);
});

test("accepts a webhook once that is sent to all relays at once", async () => {
  const { ledgers } = await threeRelays();
  const answers = await Promise.all(
    upTo(90).map((at) => pick(ledgers, at).accept(arrival({ id: `e${at}`, duplicateKeys: [`k${Math.ceil(at / 3)}`] }))),
  );
  const accepted = answers.filter((answer) => answer.status === "accepted").map((answer) => answer.event);
  expect(accepted).toHaveLength(30);
  for (const answer of answers) expect(accepted).toContain(answer.event);
  expect(await ledgers[0].receivedSince(0)).toHaveLength(30);
});
