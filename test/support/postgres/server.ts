import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleepFor } from "node:timers/promises";
import { freePort } from "../free-port.ts";
import { account } from "./account.ts";
import { postgresPrograms } from "./binaries.ts";
import { initialise, PASSWORD } from "./initialise.ts";
import { postmasterOf } from "./postmaster.ts";
import { query } from "./query.ts";

export interface ServerOptions {
  /** Of its own; emptied by whoever made it. */
  readonly folder: string;
  /** Whether what is committed survives the loss of the machine too. Slower. */
  readonly durable?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  /** It goes on when the process that started it ends. */
  readonly outlives?: boolean;
}

/** `fast` lets transactions go; `immediate` is as a crash; `kill` is kill -9 of its first process. */
export type StopMode = keyof typeof SIGNALS;

export interface PostgresServer {
  readonly port: number;
  /** Of the server's first process. */
  readonly pid: () => number;
  readonly url: (database: string) => string;
  /** One or several statements in a database, `postgres` without a name. */
  readonly query: (sql: string, database?: string) => Promise<Record<string, unknown>[]>;
  /** On the same port. */
  readonly restart: (mode: StopMode) => Promise<void>;
  readonly stop: (mode?: StopMode) => Promise<void>;
}

const SIGNALS = { fast: "SIGINT", immediate: "SIGQUIT", kill: "SIGKILL" } as const;

/** Makes a server and starts it, on 127.0.0.1 and a free port. */
export async function startPostgres(options: ServerOptions): Promise<PostgresServer> {
  const { folder } = options;
  const bin = postgresPrograms(folder);
  const data = join(folder, "data");
  if (!existsSync(data)) initialise(bin, folder, data);
  let port = 0;
  let server = await tryingUntil(async () => {
    port = await freePort();
    return launch(bin, data, port, options);
  });
  const url = urlOf(port);

  async function stop(mode: StopMode = "fast"): Promise<void> {
    if (hasEnded(server)) return;
    const ended = once(server, "exit");
    server.kill(SIGNALS[mode]);
    await ended;
  }

  return {
    port,
    pid: () => server.pid ?? 0,
    url,
    query: (sql, database = "postgres") => query(url(database), sql),
    stop,
    async restart(mode) {
      await stop(mode);
      server = await tryingUntil(() => launch(bin, data, port, options));
    },
  };
}

export function urlOf(port: number): (database: string) => string {
  return (database) => `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${database}`;
}

const PATIENCE_MS = 60_000;
const TRIES = 50;

/**
 * A free port may be taken by the time it is wanted, and the processes of a server that was killed end a moment after it and keep its
 * memory until then: both pass.
 */
async function tryingUntil<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES) throw error;
      await sleepFor(100);
    }
  }
}

/** The server once it accepts connections. Its own word for it is taken: on its port may be another run's server. */
async function launch(bin: string, data: string, port: number, options: ServerOptions): Promise<ChildProcess> {
  const server = spawnServer(bin, data, port, options);
  let failed: unknown;
  server.once("error", (error) => (failed = error));
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const postmaster = postmasterOf(options.folder);
    if (postmaster?.isReady === true && postmaster.pid === server.pid) return server;
    if (failed !== undefined || hasEnded(server) || performance.now() > end) {
      server.kill("SIGKILL");
      const said = readFileSync(join(options.folder, "log"), "utf8").slice(-2000);
      throw new Error(`PostgreSQL did not start: ${said}`, { cause: failed });
    }
    await sleepFor(20);
  }
}

function spawnServer(bin: string, data: string, port: number, options: ServerOptions): ChildProcess {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    ...(options.durable === true ? {} : { fsync: "off", full_page_writes: "off" }),
    ...options.settings,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = openSync(join(options.folder, "log"), "a");
  const detached = options.outlives === true;
  const server = spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), ...args], {
    ...account(),
    cwd: data,
    detached,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  if (detached) server.unref();
  return server;
}

function hasEnded(server: ChildProcess): boolean {
  return server.exitCode !== null || server.signalCode !== null;
}
