import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { sample } from "../../src/cal/samples.ts";
import { startEmbedded, type Store } from "../../src/embedded/start.ts";
import type { Rules } from "../../src/embedded/plain.ts";
import { compileFilter } from "../../src/routing/filter.ts";
import { tempFolder } from "../support/temp.ts";

const created = { source: "cal", signature: undefined, body: Buffer.from(sample("BOOKING_CREATED")) };

test("accepts by the rules it was given last", async () => {
  const { accept, rule } = await open();
  expect(await accept(created)).toMatchObject({ status: "refused", reason: "unknown-source" });
  await rule(rules(0));
  expect(await accept(created)).toMatchObject({ status: "accepted", deliveries: 1 });
  await rule(rules(24 * 60));
  expect(await accept({ ...created, body: Buffer.from(sample("BOOKING_CANCELLED")) })).toMatchObject({ deliveries: 0 });
});

test("gets every byte of a body as it was sent", async () => {
  const { accept, rule, ledger } = await open();
  await rule(rules(0));
  const body = Buffer.from([0xef, 0xbb, 0xbf, 0x00, 0xff, 0xc3, 0xa9, 0x61]);
  const accepted = await accept({ ...created, body });
  const stored = await ledger.event(accepted.status === "refused" ? "" : accepted.event);
  expect(stored?.event.body).toBe(new TextDecoder().decode(body));
});

test("refuses a ledger that another relay has, and ends its thread", async () => {
  const file = join(tempFolder(), "relay.db");
  await open(file);
  await expect(startEmbedded(file)).rejects.toMatchObject({ code: "ledger_refused" });
});

test("is unavailable once it is closed", async () => {
  const { accept, ledger } = await open();
  await Promise.all([ledger.close(), ledger.close()]);
  await expect(accept(created)).rejects.toMatchObject({ code: "ledger_unavailable" });
  await expect(ledger.ping()).rejects.toMatchObject({ code: "ledger_unavailable" });
});

test("hands a delivery back whose event no relay has written, and says so", async () => {
  const file = join(tempFolder(), "relay.db");
  const { accept, rule, ledger } = await open(file);
  await rule(rules(0));
  await accept(created);
  using other = new DatabaseSync(file);
  other.exec(`UPDATE events SET event = '{"id":"mine"}'`);
  await expect(ledger.claim("archive", 1, 1_000)).rejects.toThrow(/receivedAt/);
  expect(await ledger.deliveries({ limit: 1 })).toMatchObject([{ state: "waiting" }]);
});

async function open(file = join(tempFolder(), "relay.db")): Promise<Store> {
  const embedded = await startEmbedded(file);
  onTestFinished(() => embedded.ledger.close());
  return embedded;
}

/** Everything that lasts so many minutes at least goes to the archive. */
function rules(minutes: number): Rules {
  const { filter } = compileFilter({ "booking.minutes": { $gte: minutes } });
  const targets = [{ id: "all/archive", sink: "archive" }];
  return {
    sources: [{ name: "cal", secrets: [], signature: "off", dedupeMs: 60_000 }],
    routes: [{ name: "all", on: ["*"], from: null, filter, final: false, targets }],
  };
}
