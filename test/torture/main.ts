// npm run torture -- [--cycles N] [--lanes N] [--seed N] [--json]
// Kills a relay with SIGKILL over and over, and counts what came of what it had acknowledged. Exit code 1 if a promise was broken.
// npm run torture -- --storage postgres [--relays N] [--cycles N] [--seed N] [--json]
// The same to several relays on one PostgreSQL, which is not spared either.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "../support/postgres/server.ts";
import { breaches, tables } from "./report.ts";
import { sharedBreaches, sharedTables, tortureShared } from "./shared.ts";
import { torture } from "./torture.ts";

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const { values } = parseArgs({
  options: {
    cycles: { type: "string", default: "100" },
    lanes: { type: "string", default: "2" },
    storage: { type: "string", default: "sqlite" },
    relays: { type: "string", default: "3" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    json: { type: "boolean", default: false },
  },
});

const [report, broken, text] = values.storage === "postgres" ? await sharedTorture() : await ownTorture();
say("");
process.stdout.write(`${values.json ? JSON.stringify({ ...report, broken }, null, 2) : text}\n`);
for (const breach of broken) process.stderr.write(`torture: ${breach}\n`);
process.exitCode = broken.length > 0 ? 1 : 0;

async function ownTorture() {
  const found = await torture({ cycles: whole("cycles"), lanes: whole("lanes"), seed: whole("seed"), say });
  return [found, breaches(found), tables(found)] as const;
}

async function sharedTorture() {
  const folder = mkdtempSync(join(tmpdir(), "cal-relay-torture-postgres-"));
  const server = await startPostgres({ folder, durable: true });
  try {
    const found = await tortureShared({
      server,
      cycles: whole("cycles"),
      relays: whole("relays"),
      seed: whole("seed"),
      say,
    });
    return [found, sharedBreaches(found), sharedTables(found)] as const;
  } finally {
    await server.stop("immediate");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One line that is written over, for people only. */
function say(progress: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${progress}`);
}

function whole(name: "cycles" | "lanes" | "seed" | "relays"): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  process.stderr.write(`torture: --${name} expected a whole number above 0, got "${values[name]}"\n`);
  process.exit(2);
}
