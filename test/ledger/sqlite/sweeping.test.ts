import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openSqliteLedger } from "../../../src/ledger/sqlite/open.ts";
import { tempFolder } from "../../support/temp.ts";
import { arrival, START } from "../samples.ts";

test("accepts webhooks while it passes very many events that have to stay, and finds those behind them", async () => {
  const ledger = await openSqliteLedger({ file: join(tempFolder(), "relay.db"), now: () => START, mode: "relay" });
  onTestFinished(() => ledger.close());
  const ids = Array.from({ length: 12_000 }, (_, n) => `stuck${n}`);
  await Promise.all(ids.map((id) => ledger.accept(arrival({ id }))));
  await ledger.accept(arrival({ id: "settled", sinks: [], receivedAt: START + 1 }));

  const finished: string[] = [];
  const sweeping = ledger.sweep(START + 2, 10).then((count) => {
    finished.push("sweep");
    return count;
  });
  await ledger.accept(arrival({ id: "webhook" }));
  finished.push("accept");

  expect(await sweeping).toBe(1);
  expect(finished).toEqual(["accept", "sweep"]);
  expect(await ledger.event("evt_settled")).toBeNull();
});
