// npm run bench -- [NAME…] [--json] [--profile FOLDER]
// All benches but `memory`, which takes ten minutes, or those named.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { accept } from "./accept.ts";
import { backlog } from "./backlog.ts";
import { claims } from "./claims.ts";
import { deliver } from "./deliver.ts";
import { fairness } from "./fairness.ts";
import { latency } from "./latency.ts";
import { memory } from "./memory.ts";
import { relays } from "./relays.ts";
import { start } from "./start.ts";
import { takeover } from "./takeover.ts";
import type { Bench } from "./support/bench.ts";
import { isMet, ratioOf, table, type Figure } from "./support/figure.ts";

const benches: Readonly<Record<string, Bench>> = {
  accept,
  deliver,
  latency,
  fairness,
  backlog,
  start,
  memory,
  relays,
  claims,
  takeover,
};
const usual = Object.keys(benches).filter((name) => name !== "memory");

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, profile: { type: "string" } },
});
const unknown = positionals.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) fail(`no bench "${unknown}"; there are ${Object.keys(benches).join(", ")}`);

const figures: Figure[] = [];
for (const name of positionals.length > 0 ? positionals : usual) {
  const say = (progress: string): void => void process.stderr.write(`${name}: ${progress}\n`);
  const profile = values.profile === undefined ? undefined : resolve(values.profile);
  figures.push(...((await benches[name]?.({ say, profile })) ?? []));
}
process.stdout.write(`${values.json ? JSON.stringify(figures.map(complete), null, 2) : table(figures)}\n`);

function complete(figure: Figure): object {
  return { ...figure, ratio: ratioOf(figure), met: isMet(figure) };
}

function fail(message: string): never {
  process.stderr.write(`bench: ${message}\n`);
  process.exit(2);
}
