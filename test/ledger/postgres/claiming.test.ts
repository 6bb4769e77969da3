import { expect, test } from "vitest";
import { arrival, delivered } from "../samples.ts";
import { idsOf, threeRelays, upTo } from "./relays.ts";

test("gives each delivery to one relay, however many claim at once", async () => {
  const { ledgers } = await threeRelays();
  const [one] = ledgers;
  await Promise.all(upTo(200).map((at) => one.accept(arrival({ id: `e${at}` }))));
  const rounds = upTo(10).flatMap(() => ledgers.map((ledger) => ledger.claim("crm", 9, 1_000)));
  const claimed = idsOf((await Promise.all(rounds)).flat());
  expect(claimed).toHaveLength(200);
  expect(new Set(claimed).size).toBe(200);
});

test("never runs two of one booking, whichever relays claim and settle", async () => {
  const { ledgers } = await threeRelays();
  const accepted = upTo(60).map((at) => arrival({ id: `e${at}`, booking: `visit${at % 4}` }));
  for (const one of accepted) await ledgers[0].accept(one);
  const running = new Set<string>();
  const settled: string[] = [];

  async function work(ledger: (typeof ledgers)[number]): Promise<void> {
    while (settled.length < accepted.length)
      for (const claim of await ledger.claim("crm", 3, 1_000)) {
        const { bookingKey, id } = claim.delivery;
        expect(running.has(bookingKey)).toBe(false);
        running.add(bookingKey);
        settled.push(id);
        running.delete(bookingKey);
        await ledger.settle(claim, delivered);
      }
  }

  await Promise.all(ledgers.map((ledger) => work(ledger)));
  for (const booking of [0, 1, 2, 3]) {
    const wanted = upTo(60).filter((at) => at % 4 === booking);
    expect(settled.filter((id) => wanted.includes(Number(/\d+/.exec(id)?.[0])))).toEqual(
      wanted.map((at) => `dlv_e${at}-1`),
    );
  }
});

test("runs no more of a sink than its concurrency, whichever relays claim", async () => {
  const { ledgers } = await threeRelays();
  const [one, two, three] = ledgers;
  await Promise.all(upTo(20).map((at) => one.accept(arrival({ id: `e${at}` }))));
  const claims = await Promise.all(ledgers.map((ledger) => ledger.claim("crm", 5, 5)));
  expect(claims.flat()).toHaveLength(5);
  expect(await two.claim("crm", 5, 5)).toEqual([]);
  const [claim] = claims.flat();
  if (claim !== undefined) await ledgers[claims.findIndex((some) => some.includes(claim))]?.settle(claim, delivered);
  expect(await three.claim("crm", 5, 5)).toHaveLength(1);
});

test("lets through a sink's rate once for all relays", async () => {
  const { ledgers } = await threeRelays();
  const rate = { count: 10, perMs: 60_000 };
  const waits = await Promise.all(upTo(4).flatMap(() => ledgers.map((ledger) => ledger.turn("crm", "", rate))));
  const spacings = waits.toSorted((a, b) => a - b).map((wait) => Math.round(wait / 6_000));
  expect(spacings).toEqual(waits.map((_, at) => at));
});
