// npm run torture -- [--cycles N] [--lanes N] [--seed N] [--json]
// Kills a relay with SIGKILL over and over, and counts what came of what it had acknowledged. Exit code 1 if a promise was broken.
import { parseArgs } from "node:util";
import { breaches, tables } from "./report.ts";
import { torture } from "./torture.ts";

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const { values } = parseArgs({
  options: {
    cycles: { type: "string", default: "100" },
    lanes: { type: "string", default: "2" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    json: { type: "boolean", default: false },
  },
});

const report = await torture({ cycles: whole("cycles"), lanes: whole("lanes"), seed: whole("seed"), say });
say("");
const broken = breaches(report);
process.stdout.write(`${values.json ? JSON.stringify({ ...report, broken }, null, 2) : tables(report)}\n`);
for (const breach of broken) process.stderr.write(`torture: ${breach}\n`);
process.exitCode = broken.length > 0 ? 1 : 0;

/** One line that is written over, for people only. */
function say(progress: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${progress}`);
}

function whole(name: "cycles" | "lanes" | "seed"): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  process.stderr.write(`torture: --${name} expected a whole number above 0, got "${values[name]}"\n`);
  process.exit(2);
}
