import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test, vi } from "vitest";
import { sample } from "../src/cal/samples.ts";
import { testRelay } from "./support/relay.ts";
import { tempFolder } from "./support/temp.ts";

const yaml = `
retention: 1m
sources:
  cal: { secret: test-secret, dedupe: 24h }
sinks:
  archive: { type: file, path: "\${FOLDER}/out.jsonl" }
routes:
  - { name: all, on: "*", to: [{ sink: archive }] }
`;

test("a relay whose port is taken sends nothing and lets go of its ledger", async () => {
  const folder = tempFolder();
  const first = await testRelay(yaml.replace("to: [{ sink: archive }]", "to: []"));
  const stopped = await testRelay(yaml, { FOLDER: "/nowhere" }, { folder });
  const { body } = await stopped.post(sample("BOOKING_CREATED"));
  await stopped.relay.close();
  await expect(testRelay(yaml, {}, { folder, port: first.relay.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  expect(existsSync(join(folder, "out.jsonl"))).toBe(false);

  const { relay } = await testRelay(yaml, {}, { folder });
  await vi.waitFor(async () => expect(await relay.ledger.backlog()).toMatchObject([{ state: "delivered", count: 1 }]));
  expect(await relay.ledger.deliveries({ limit: 2 })).toMatchObject([{ event: body["event"] }]);
});

test("keeps events for as long as the same event counts as a duplicate", async () => {
  const folder = tempFolder();
  const before = await testRelay(yaml, {}, { folder });
  const first = await before.post(sample("BOOKING_CREATED"));
  await vi.waitFor(async () => expect(await before.relay.ledger.backlog()).toMatchObject([{ state: "delivered" }]));
  await before.relay.close();
  age(join(folder, "relay.db"), 3_600_000);

  const after = await testRelay(yaml, {}, { folder });
  expect(await after.post(sample("BOOKING_CREATED"))).toMatchObject({
    body: { status: "duplicate", event: first.body["event"] },
  });
});

/** Makes everything in a ledger as much older. */
function age(file: string, ms: number): void {
  using ledger = new DatabaseSync(file);
  ledger.exec(`UPDATE events SET received_at = received_at - ${ms}`);
  ledger.exec(`UPDATE deliveries SET accepted_at = accepted_at - ${ms}, settled_at = settled_at - ${ms}`);
}
