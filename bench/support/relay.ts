import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { RELAY } from "./programs.ts";
import { run, startServer, type Server } from "./child.ts";
import { SECRET } from "./webhooks.ts";

export interface RelaySetup {
  readonly sinks: Readonly<Record<string, object>>;
  readonly routes: readonly object[];
  /** Files of sink plugins. */
  readonly plugins?: readonly string[];
}

/** Writes the configuration of a relay, whose ledger is in the folder if `storage` names no other. JSON is YAML too. */
export function configure(
  folder: string,
  { sinks, routes, plugins = [] }: RelaySetup,
  storage = `sqlite:${ledgerOf(folder)}`,
): void {
  const config = {
    server: { host: "127.0.0.1", port: 0 },
    storage,
    plugins,
    sources: { cal: { secret: SECRET } },
    sinks,
    routes,
  };
  writeFileSync(join(folder, "relay.config.yaml"), JSON.stringify(config));
}

/** One route for everything, to a webhook sink. */
export function forwardTo(url: string, concurrency: number): RelaySetup {
  return {
    sinks: { receiver: { type: "webhook", url, concurrency, allowPrivateNetwork: true } },
    routes: [{ name: "everything", on: "*", to: [{ sink: "receiver" }] }],
  };
}

export function ledgerOf(folder: string): string {
  return join(folder, "relay.db");
}

/** Starts the real program on the folder's configuration. `profile` names a folder for its CPU profile. */
export function startRelay(folder: string, profile?: string): Promise<Server> {
  const flags = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
  return startServer([RELAY, "start"], { folder, flags });
}

/** Runs another command of the program on the folder's configuration. */
export async function runRelay(folder: string, ...args: readonly string[]): Promise<void> {
  await run([RELAY, ...args], { folder });
}

/** Holds a sink before a relay runs; a first relay has to have made the ledger. */
export async function pauseSink(folder: string, sink: string): Promise<void> {
  await (await startRelay(folder)).end();
  await runRelay(folder, "pause", sink);
}
