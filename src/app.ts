import { randomBytes } from "node:crypto";
import type { DestinationStream } from "pino";
import { createAccept } from "./accept.ts";
import { isTrigger, PING } from "./cal/triggers.ts";
import type { Config } from "./config/config.ts";
import type { Plan } from "./delivery/plan.ts";
import { startWorker } from "./delivery/worker.ts";
import { eventId } from "./event-id.ts";
import type { Source } from "./event.ts";
import { startServer } from "./ingest/server.ts";
import { LedgerRefused, type Ledger } from "./ledger/ledger.ts";
import { startRetention } from "./ledger/retention.ts";
import { openSqliteLedger } from "./ledger/sqlite/open.ts";
import { createLog, type Log, type LogLevel } from "./observe/log.ts";
import { createMask } from "./observe/mask.ts";
import { createMetrics } from "./observe/metrics.ts";

export interface RelayOptions {
  readonly config: Config;
  readonly level: LogLevel;
  /** Where log lines go; standard output by default. */
  readonly destination?: DestinationStream;
}

export interface Relay {
  readonly port: number;
  readonly ledger: Ledger;
  readonly log: Log;
  /** Secrets the relay made itself, by source: for whoever pastes them into Cal.com. */
  readonly generated: ReadonlyMap<string, string>;
  /** Not ready, no new webhooks, what runs is finished within the grace, the rest handed back. */
  close(): Promise<void>;
}

/** Configuration + ledger + sinks → a running relay. The only place that wires. Throws LedgerRefused, and what `listen` throws. */
export async function startRelay({ config, level, destination }: RelayOptions): Promise<Relay> {
  // What was started is stopped in the opposite order, whether the relay stops or does not get as far as running.
  await using started = new AsyncDisposableStack();
  const now = Date.now;
  const ledger = await openLedger(config.storage, "relay");
  started.defer(() => ledger.close());

  const { sources, generated } = await withSecrets(config, ledger);
  const mask = createMask([...config.secrets, ...generated.values()]);
  const log = createLog({ level, mask, ...(destination === undefined ? {} : { destination }) });
  const metrics = createMetrics({ deliveries: () => ledger.backlog(), holds: () => ledger.holds(), now });
  metrics.reloaded(true);

  const retention = startRetention({
    ledger,
    retentionMs: config.retentionMs,
    now,
    onError: () => log.error("old events could not be deleted now"),
  });
  started.defer(() => retention.close());
  const worker = await startWorker({ ledger, plan: planOf(config), log, mask, metrics, now, random: Math.random });
  started.defer(() => worker.close(config.server.shutdownGraceMs));

  const accept = createAccept({
    ledger,
    sources: () => sources,
    routes: () => config.routes,
    now,
    newEventId: () => eventId(now(), randomBytes(16)),
  });
  const server = await startServer({ ...config.server, accept, ledger, metrics, log, labelOf });
  started.defer(() => server.close());
  log.info({ port: server.port, sources: [...sources.keys()], sinks: config.sinks.map(({ name }) => name) }, "ready");

  const running = started.move();
  return {
    port: server.port,
    ledger,
    log,
    generated,
    async close() {
      log.info("stopping");
      await running.disposeAsync();
      log.info("stopped");
    },
  };
}

/** A trigger as a metric's label: what a stranger may send besides the known ones counts as one. */
function labelOf(trigger: string | null): string {
  if (trigger === null) return "none";
  return isTrigger(trigger) || trigger === PING ? trigger : "other";
}

/** Opens what `storage` names. `beside`: for a command that looks at or changes a ledger which a relay may be using. */
export async function openLedger(storage: string, mode: "relay" | "beside"): Promise<Ledger> {
  const [, file] = /^sqlite:(?:\/\/)?(.+)$/.exec(storage) ?? [];
  if (file === undefined) throw new LedgerRefused("storage: expected sqlite:<file>");
  return openSqliteLedger({ file, now: Date.now, mode });
}

/** The sources as `accept` wants them: one that has no secret gets a generated one, the same at every start. */
async function withSecrets(
  config: Config,
  ledger: Ledger,
): Promise<{ sources: ReadonlyMap<string, Source>; generated: ReadonlyMap<string, string> }> {
  const sources = new Map<string, Source>();
  const generated = new Map<string, string>();
  for (const source of config.sources) {
    if (source.signature === "off" || source.secrets.length > 0) sources.set(source.name, source);
    else {
      const secret = await ledger.secret(source.name, randomBytes(32).toString("hex"));
      generated.set(source.name, secret);
      sources.set(source.name, { ...source, secrets: [secret] });
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
