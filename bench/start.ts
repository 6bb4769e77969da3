import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchOptions } from "./support/bench.ts";
import { run, startServer, type ChildOptions } from "./support/child.ts";
import type { Figure } from "./support/figure.ts";
import { EXAMPLE, NOTHING, RELAY } from "./support/programs.ts";
import { scratchFolder } from "./support/scratch.ts";
import { median } from "./support/statistics.ts";

const ROUNDS = 7;

/**
 * How long the relay takes to be ready on the example configuration with an empty ledger, and `check` to judge that configuration. The
 * baseline is a Node program that does nothing. The first start after an installation, which has no compiled code to go by, stands apart.
 */
export async function start({ say, profile }: BenchOptions): Promise<readonly Figure[]> {
  using cache = scratchFolder();
  const first = await readyMs(cache.path);
  const rounds: { ready: number; check: number; nothing: number }[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    say(`round ${round} of ${ROUNDS}`);
    rounds.push({
      nothing: await nothingMs(),
      ready: await readyMs(cache.path, profile),
      check: await checkMs(cache.path),
    });
  }
  const baseline = { what: "empty Node program", value: median(rounds.map((round) => round.nothing)) };
  const ready = median(rounds.map((round) => round.ready));
  const check = median(rounds.map((round) => round.check));
  const bench = "start";
  return [
    { bench, what: "first start to ready", value: first, unit: "ms", baseline, must: {} },
    { bench, what: "start to ready", value: ready, unit: "ms", baseline, must: { value: { atMost: 1_000 } } },
    { bench, what: "check", value: check, unit: "ms", baseline, must: { value: { atMost: 600 } } },
  ];
}

async function readyMs(cache: string, profile?: string): Promise<number> {
  using folder = example();
  const flags = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
  await using relay = await startServer([RELAY, "start"], { ...optionsOf(folder.path, cache), flags });
  return relay.readyMs;
}

async function checkMs(cache: string): Promise<number> {
  using folder = example();
  const startedAt = performance.now();
  await run([RELAY, "check"], optionsOf(folder.path, cache));
  return performance.now() - startedAt;
}

async function nothingMs(): Promise<number> {
  using folder = scratchFolder();
  const startedAt = performance.now();
  await run([NOTHING], { folder: folder.path });
  return performance.now() - startedAt;
}

/** A folder with nothing but the example configuration. */
function example(): ReturnType<typeof scratchFolder> {
  const folder = scratchFolder();
  copyFileSync(EXAMPLE, join(folder.path, "relay.config.yaml"));
  return folder;
}

function optionsOf(folder: string, cache: string): ChildOptions {
  return { folder, env: { PORT: "0", NODE_COMPILE_CACHE: cache } };
}
