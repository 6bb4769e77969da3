import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createAccept, type Accept } from "../../src/accept.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import { formatProblem } from "../../src/config/problem.ts";
import { startWorker, type Worker } from "../../src/delivery/worker.ts";
import { createEventIds } from "../../src/event-id.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite/open.ts";
import { createLog } from "../../src/observe/log.ts";
import { createMask } from "../../src/observe/mask.ts";
import { createMetrics } from "../../src/observe/metrics.ts";
import type { SinkPlugin } from "../../src/sdk/index.ts";

/** A ledger, what accepts webhooks into it and the workers on it, in this process and on a clock that can be put forward. */
export interface World extends AsyncDisposable {
  /** `FOLDER` in the configuration. */
  readonly folder: string;
  readonly ledger: Ledger;
  /** By the next relay after each call of `next`, where there are several. */
  readonly accept: Accept;
  readonly next: () => void;
  /**
   * Resolves when nothing waits and nothing runs. What is held is put right, and the clock put forward over a vendor's wait. Rejects where
   * it is not so in a minute.
   */
  settled(): Promise<void>;
}

/** Opens the ledgers of all relays, one of its own each. */
export type OpenLedgers = (folder: string, now: () => number) => Promise<readonly [Ledger, ...Ledger[]]>;

const embedded: OpenLedgers = async (folder, now) => [
  await openSqliteLedger({ file: join(folder, "relay.db"), now, mode: "relay" }),
];

export async function startWorld(
  yaml: string,
  plugins: readonly SinkPlugin[],
  env: Readonly<Record<string, string>> = {},
  open: OpenLedgers = embedded,
): Promise<World> {
  await using opened = new AsyncDisposableStack();
  // That commits outlive a crash is for other tests: in memory, where there is such a folder, a sequence takes 40 ms instead of 60.
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "cal-relay-model-"));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  let skew = 0;
  const now = (): number => Date.now() + skew;
  const ledgers = await open(folder, now);
  const [ledger] = ledgers;
  for (const one of ledgers) opened.defer(() => one.close());
  const config = await configOf(yaml, plugins, { FOLDER: folder, ...env });
  const workers: Worker[] = [];
  for (const one of ledgers) {
    const options = { ...quiet(one, now), ledger: one, plan: planOf(config), now, random: () => 0.5 };
    const worker = await startWorker(options);
    opened.defer(() => worker.close(0));
    workers.push(worker);
  }

  const accepting = ledgers.map((one) =>
    createAccept({
      ledger: one,
      sources: () => new Map(config.sources.map((source) => [source.name, source])),
      routes: () => config.routes,
      now,
      newEventId: createEventIds(randomBytes),
    }),
  );
  let turn = 0;
  const accept: Accept = (webhook) => (accepting[turn % accepting.length] ?? accepting[0])?.(webhook) ?? never();

  async function settled(): Promise<void> {
    const latest = Date.now() + PATIENCE_MS;
    while (await isBusy(ledger)) {
      if (Date.now() > latest) throw new Error(`not settled: ${JSON.stringify(await ledger.backlog())}`);
      if ((await ledger.holds()).length > 0) {
        skew += 1_000;
        await Promise.all(workers.map((worker) => worker.probe()));
      }
      await setTimeout(1);
    }
  }

  const held = opened.move();
  return {
    folder,
    ledger,
    accept,
    next: () => void (turn += 1),
    settled,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

const PATIENCE_MS = 60_000;

function never(): never {
  throw new Error("there is no ledger");
}

async function isBusy(ledger: Ledger): Promise<boolean> {
  return (await ledger.backlog()).some(({ state }) => state === "waiting" || state === "running");
}

async function configOf(
  yaml: string,
  plugins: readonly SinkPlugin[],
  env: Readonly<Record<string, string>>,
): Promise<Config> {
  const { config, problems } = await loadConfig({
    file: "relay.config.yaml",
    text: yaml,
    env,
    readFile: () => "",
    plugins,
    loadPlugin: () => Promise.reject(new Error("no plugins here")),
  });
  if (config === null) throw new Error(problems.map(formatProblem).join("\n"));
  return config;
}

function planOf({ sinks, routes }: Config): Parameters<Worker["apply"]>[0] {
  const targets = routes.flatMap(({ name, targets: own }) =>
    own.map(({ id, template }) => ({ id, route: name, template })),
  );
  return {
    sinks: new Map(sinks.map((sink) => [sink.name, sink])),
    targets: new Map(targets.map(({ id, ...target }) => [id, target])),
  };
}

function quiet(ledger: Ledger, now: () => number) {
  const mask = createMask([]);
  return {
    mask,
    log: createLog({ level: "error", mask, destination: { write: () => undefined } }),
    metrics: createMetrics({ deliveries: () => ledger.backlog(), holds: () => ledger.holds(), now }),
  };
}
