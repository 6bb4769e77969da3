import { randomBytes } from "node:crypto";
import type { DestinationStream } from "pino";
import { isTrigger, PING } from "./cal/triggers.ts";
import type { Config } from "./config/config.ts";
import type { Plan } from "./delivery/plan.ts";
import { isOver } from "./delivery/hold.ts";
import { startWorker } from "./delivery/worker.ts";
import type { Source } from "./event.ts";
import { startServer } from "./ingest/server.ts";
import type { WorkLedger } from "./ledger/ledger.ts";
import { startRetention } from "./ledger/retention.ts";
import { startStore } from "./store.ts";
import { failureFields } from "./observe/failure.ts";
import { createLog, type Log, type LogLevel } from "./observe/log.ts";
import { createMask } from "./observe/mask.ts";
import { createMetrics } from "./observe/metrics.ts";

export interface RelayOptions {
  readonly config: Config;
  readonly level: LogLevel;
  /** Where log lines go; standard output by default. */
  readonly destination?: DestinationStream;
  /** Ends the wait for a database that does not answer yet; a relay that runs is closed. */
  readonly stop?: AbortSignal;
}

export interface Relay {
  readonly port: number;
  readonly ledger: WorkLedger;
  readonly log: Log;
  /** Secrets the relay made itself, by source of the configuration in force: for whoever pastes them into Cal.com. */
  readonly generated: ReadonlyMap<string, string>;
  /**
   * Puts another configuration in force, all of it at once: no webhook is refused meanwhile, what is being delivered ends as it was begun,
   * what waits goes by the new one. Warns of what takes effect only at the next start. Rejects with LedgerUnavailable and changes nothing
   * where the ledger does not answer.
   */
  reload(config: Config): Promise<void>;
  /** Puts on record that a configuration was refused, and why; the one in force goes on. */
  refuse(problems: readonly string[]): void;
  /** Not ready, no new webhooks, what runs is finished within the grace, the rest handed back. Once only. */
  close(): Promise<void>;
}

const never = new AbortController().signal;

/** Thousands of webhooks, and little of a small machine. What comes while as much waits for the ledger is told to come again. */
const OPEN_LIMIT = 64 * 1024 * 1024;

/** Configuration + ledger + sinks → a running relay. The only place that wires. Throws LedgerRefused, and what `listen` throws. */
export async function startRelay({ config, level, destination, stop = never }: RelayOptions): Promise<Relay> {
  // What was started is stopped in the opposite order, also where the relay does not get as far as running.
  await using started = new AsyncDisposableStack();
  const now = Date.now;
  const mask = createMask(config.secrets);
  const log = createLog({ level, mask, ...(destination === undefined ? {} : { destination }) });
  const store = await startStore(config.storage, {
    onTrouble: (error) => log.warn(failureFields(error), "trouble with the ledger"),
    stop,
  });
  const { ledger, accept } = store;
  started.defer(() => ledger.close());

  let inForce = { config, ...(await withSecrets(config, ledger)) };
  mask.add([...inForce.generated.values()]);
  await store.rule({ sources: inForce.sources, routes: config.routes });
  const metrics = createMetrics({
    deliveries: () => ledger.backlog(),
    holds: async () => (await ledger.holds()).filter((hold) => !isOver(hold, now())),
    now,
  });
  metrics.reloaded(true);

  const retention = startRetention({
    ledger,
    retentionMs: () => keptMs(inForce.config),
    now,
    onError: (error) => log.error(failureFields(error), "old events could not be deleted now"),
  });
  started.defer(() => retention.close());

  // The port before the deliveries: a relay that cannot listen sends nothing.
  const server = await startServer({ ...config.server, openLimit: OPEN_LIMIT, accept, ledger, metrics, log, labelOf });
  started.defer(() => server.close(0));
  const worker = await startWorker({ ledger, plan: planOf(config), log, mask, metrics, now, random: Math.random });
  log.info({ port: server.port, ...namesOf(config) }, "ready");

  async function reload(next: Config): Promise<void> {
    const secrets = await withSecrets(next, ledger);
    mask.add([...next.secrets, ...secrets.generated.values()]);
    inForce = { config: next, ...secrets };
    // Where deliveries go first: none is made for a target that the worker does not know yet.
    const { added, changed, gone } = worker.apply(planOf(next));
    await store.rule({ sources: secrets.sources, routes: next.routes });
    metrics.reloaded(true);
    log.info({ ...namesOf(next), added: added.length, changed: changed.length, gone: gone.length }, "reloaded");
    for (const sink of gone) log.warn({ sink }, "sink is gone: what waits for it stays until it is back");
    const settings = settledAtStart(config, next);
    if (settings.length > 0) log.warn({ settings }, "these take effect at the next start only");
    await worker.probe().catch((error: unknown) => log.error(failureFields(error), "held sinks are probed later"));
  }

  function refuse(problems: readonly string[]): void {
    metrics.reloaded(false);
    log.error({ problems }, "the configuration is refused; the one in force goes on");
  }

  const running = started.move();
  async function close(): Promise<void> {
    log.info("stopping");
    const { shutdownGraceMs } = inForce.config.server;
    await Promise.all([server.close(shutdownGraceMs), worker.close(shutdownGraceMs)]);
    await running.disposeAsync();
    log.info("stopped");
  }

  let closing: Promise<void> | undefined;
  return {
    port: server.port,
    ledger,
    log,
    get generated() {
      return inForce.generated;
    },
    reload,
    refuse,
    close: () => (closing ??= close()),
  };
}

function namesOf({ sources, routes, sinks }: Config): Record<"sources" | "routes" | "sinks", readonly string[]> {
  const names = (things: readonly { readonly name: string }[]): string[] => things.map(({ name }) => name);
  return { sources: names(sources), routes: names(routes), sinks: names(sinks) };
}

/** What is swept is no duplicate of anything any more. */
function keptMs({ retentionMs, sources }: Config): number {
  return Math.max(retentionMs, ...sources.map(({ dedupeMs }) => dedupeMs));
}

/** The settings that a running relay cannot change, as far as they differ. */
function settledAtStart(running: Config, next: Config): string[] {
  const fixed = ["host", "port", "bodyLimit"] as const;
  const server = fixed.filter((key) => running.server[key] !== next.server[key]).map((key) => `server.${key}`);
  return running.storage === next.storage ? server : [...server, "storage"];
}

/** A trigger as a metric's label: what a stranger may send besides the known ones counts as one. */
function labelOf(trigger: string | null): string {
  if (trigger === null) return "none";
  return isTrigger(trigger) || trigger === PING ? trigger : "other";
}

/** The sources as `accept` wants them: one that has no secret gets a generated one, the same at every start. */
async function withSecrets(
  config: Config,
  ledger: WorkLedger,
): Promise<{ sources: readonly Source[]; generated: ReadonlyMap<string, string> }> {
  const sources: Source[] = [];
  const generated = new Map<string, string>();
  for (const source of config.sources) {
    if (source.signature === "off" || source.secrets.length > 0) sources.push(source);
    else {
      const secret = await ledger.secret(source.name, randomBytes(32).toString("hex"));
      generated.set(source.name, secret);
      sources.push({ ...source, secrets: [secret] });
    }
  }
  return { sources, generated };
}

function planOf(config: Config): Plan {
  return {
    sinks: new Map(config.sinks.map((sink) => [sink.name, sink])),
    targets: new Map(
      config.routes.flatMap((route) =>
        route.targets.map(({ id, template }) => [id, { route: route.name, template }] as const),
      ),
    ),
  };
}
