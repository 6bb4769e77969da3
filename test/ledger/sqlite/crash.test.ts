import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { openSqliteLedger } from "../../../src/ledger/sqlite/open.ts";
import { tempFolder } from "../../support/temp.ts";

const ROUNDS = 4;
const program = fileURLToPath(new URL("accepting-process.ts", import.meta.url));

test("loses nothing that it acknowledged to kill -9", async () => {
  const file = join(tempFolder(), "relay.db");
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const relay = startAccepting(file, `round${round}`);
    for await (const id of relay.ids) {
      acknowledged.push(id);
      if (acknowledged.length >= (round + 1) * 150) relay.kill();
    }
    await relay.ended;
  }
  const ledger = await openSqliteLedger({ file, now: Date.now, mode: "relay" });
  onTestFinished(() => ledger.close());
  const stored = await ledger.events({ limit: 100_000 });
  const deliveries = await ledger.deliveries({ limit: 100_000 });
  const ids = new Set(stored.map(({ event }) => event.id));
  expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * 150);
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  expect(new Set(deliveries.map(({ event }) => event))).toEqual(ids);
}, 60_000);

test("keeps a second relay out while the first lives, and lets it in once that is killed", async () => {
  const file = join(tempFolder(), "relay.db");
  const relay = startAccepting(file, "first");
  await relay.ids[Symbol.asyncIterator]().next();
  await expect(openSqliteLedger({ file, now: Date.now, mode: "relay" })).rejects.toMatchObject({
    code: "ledger_refused",
  });
  relay.kill();
  await relay.ended;
  const ledger = await openSqliteLedger({ file, now: Date.now, mode: "relay" });
  onTestFinished(() => ledger.close());
  await expect(ledger.ping()).resolves.toBeUndefined();
});

/** A process that accepts events as fast as it can and prints the id of each once it is acknowledged. */
function startAccepting(file: string, prefix: string) {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, file, prefix], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return { ids: createInterface(child.stdout), ended, kill: () => child.kill("SIGKILL") };
}
