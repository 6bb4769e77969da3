import { array, assert, asyncProperty, nat, shuffledSubarray, tuple } from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { defineSink, type SinkPlugin } from "../../src/sdk/index.ts";
import { chain, chainRelay, noShow, type ChainRelay } from "../support/chain.ts";

const yaml = `
sinks: { table: { type: table } }
routes:
  - name: all
    on: "*"
    to: [{ sink: table, key: "{{ booking.key }}", text: "{{ booking.status }} {{ booking.start }} {{ booking.location }}{% if trigger contains 'NO_SHOW' %} absent{% endif %}" }]
`;

const LAST = "CANCELLED 2026-12-03T15:30:00.000Z integrations:daily";

test("a booking ends as its newest event says, in whatever order its events come, duplicates included", async () => {
  const { rows, relay } = await tableRelay();
  let count = 0;
  const orders = tuple(shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), array(nat(4), { maxLength: 3 })).map(
    ([order, again]) => [...order, ...again],
  );
  await assert(
    asyncProperty(orders, async (order) => {
      const uid = `permutedBooking${(count += 1)}x`;
      const bodies = chain(uid);
      await relay.send(order.flatMap((index) => bodies[index] ?? []));
      expect(rows.get(uid)).toBe(LAST);
    }),
    { numRuns: 60, examples: [[[0, 1, 2, 3, 4]], [[4, 3, 2, 1, 0]]] },
  );
});

test("skips what is superseded without asking the sink, and says by what", async () => {
  const { rows, relay, calls } = await tableRelay();
  const [created = "", rescheduled = ""] = chain("lateBooking0001");
  await relay.send([rescheduled, created]);
  expect(calls()).toBe(1);
  expect(rows.get("lateBooking0001")).toContain("2026-12-02T16:00:00.000Z");
  const { ledger } = relay.relay;
  const [late, first] = await ledger.deliveries({ limit: 2 });
  const reason = `superseded by ${first?.event}`;
  expect(late).toMatchObject({ state: "skipped", reason });
  expect(await ledger.attempts(late?.id ?? "")).toMatchObject([{ outcome: "skipped", reason, answer: null }]);
});

test("a person's retry does not bring the past back either", async () => {
  const { rows, relay } = await tableRelay();
  await relay.send(chain("retriedBooking01"));
  expect(await relay.relay.ledger.retry({ state: "delivered" })).toBe(5);
  await relay.settled();
  expect(rows.get("retriedBooking01")).toBe(LAST);
  expect((await relay.relay.ledger.deliveries({ state: "skipped", limit: 9 })).map(({ trigger }) => trigger)).toEqual([
    "BOOKING_LOCATION_UPDATED",
    "BOOKING_RESCHEDULED",
    "BOOKING_RESCHEDULED",
    "BOOKING_CREATED",
  ]);
});

test("a thin event is as recent as the view it shows: never behind it, and never ahead of a full one to come", async () => {
  const { rows, relay } = await tableRelay();
  const [created = "", rescheduled = "", , moved = ""] = chain("thinBooking00001");
  const sameSequence = moved.replace('"iCalSequence":3', '"iCalSequence":1');
  await relay.send([created, rescheduled, noShow("thinBooking00001", "2026-11-20T00:00:00.000Z")]);
  expect(rows.get("thinBooking00001")).toMatch(/2026-12-02T16:00:00.000Z .* absent$/);
  await relay.send([noShow("thinBooking00001", "2026-12-30T00:00:00.000Z"), sameSequence]);
  expect(rows.get("thinBooking00001")).toMatch(/https:\/\/meet\.example\.com\/garden$/);
});

test("a message that keeps nothing in step is delivered however old it is", async () => {
  const { relay, calls } = await tableRelay(() => null);
  await relay.send(chain("loggedBooking001").toReversed());
  expect(calls()).toBe(5);
});

test("a row of its own for each event is written in whatever order they come", async () => {
  const { relay, calls } = await tableRelay(({ text }) => text);
  await relay.send(chain("historyBooking01").toReversed());
  expect(calls()).toBe(5);
});

async function tableRelay(
  keepsInStep: (message: { key: string; text: string }) => string | null = ({ key }) => key,
): Promise<{ rows: Map<string, string>; relay: ChainRelay; calls: () => number }> {
  const rows = new Map<string, string>();
  let calls = 0;
  const table: SinkPlugin = defineSink({
    type: "table",
    title: "Row",
    connection: z.strictObject({}),
    message: z.strictObject({ key: z.string(), text: z.string() }),
    secrets: [],
    limits: { concurrency: 8 },
    keepsInStep,
    open: async () => ({
      async deliver({ key, text }) {
        calls += 1;
        rows.set(key, text);
        return undefined;
      },
    }),
  });
  return { rows, relay: await chainRelay(yaml, [table]), calls: () => calls };
}
