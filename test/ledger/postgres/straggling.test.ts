import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { again, arrival, delivered } from "../samples.ts";
import { claimOne } from "../scene.ts";
import { idsOf, threeRelays, type Relays } from "./relays.ts";

test("finds the booking's key again where it is united with a further one while a straggler is settled", async () => {
  const { ledgers, sql, url } = await threeRelays();
  const [one, two, three] = ledgers;
  for (const uid of ["a", "b", "c"]) await one.accept(arrival({ id: uid, booking: uid }));
  const running = [await claimOne(one), await claimOne(one), await claimOne(one)];
  const [ofA, ofB, ofC] = ["a", "b", "c"].map((key) => running.find(({ delivery }) => delivery.bookingKey === key));
  if (ofA === undefined || ofB === undefined || ofC === undefined) throw new Error("not all are running");
  // Both run, so that the one of c stays under its own key until it is settled: it is b's by then, as far as anybody has told.
  await one.accept(arrival({ id: "cb", booking: { uid: "c", previousUid: "b" }, sinks: [] }));

  const letGo = await holdUp(url, "a");
  const uniting = two.accept(arrival({ id: "ba", booking: { uid: "b", previousUid: "a" }, sinks: [] }));
  await expect.poll(() => waitingFor(sql), IN_TIME).toBe(1);
  const settling = three.settle(ofC, again(0));
  await expect.poll(() => waitingFor(sql), IN_TIME).toBe(2);
  await letGo();
  await uniting;
  expect(await settling).toBe(true);

  expect(await one.settle(ofB, delivered)).toBe(true);
  expect(await one.settle(ofA, delivered)).toBe(true);
  const [last] = await one.claim("crm", 10, 1_000);
  expect(last?.delivery).toMatchObject({ id: "dlv_c-1", bookingKey: "a" });
  expect(idsOf(await one.claim("crm", 10, 1_000))).toEqual([]);
});

const IN_TIME = { timeout: 5_000 };

/** Locks the deliveries of a booking until it is let go. */
async function holdUp(url: string, key: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: url });
  onTestFinished(() => client.end());
  await client.connect();
  await client.query("BEGIN");
  await client.query("SELECT 1 FROM cal_relay.deliveries WHERE booking_key = $1 FOR UPDATE", [key]);
  return async () => void (await client.query("COMMIT"));
}

/** How many transactions wait for another. */
async function waitingFor(sql: Relays["sql"]): Promise<number> {
  const rows = await sql(
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return rows.length;
}
