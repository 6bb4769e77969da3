import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleepFor } from "node:timers/promises";
import { Client } from "pg";
import { freePort } from "../free-port.ts";
import { postgresPrograms } from "./binaries.ts";

export interface ServerOptions {
  /** Of its own; emptied by whoever made it. */
  readonly folder: string;
  /** Whether what is committed survives the loss of the machine too. Slower. */
  readonly durable?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  /** It goes on when the process that started it ends. */
  readonly outlives?: boolean;
}

export interface PostgresServer {
  readonly port: number;
  /** Of the server's first process. */
  pid(): number;
  url(database: string): string;
  /** One or several statements in a database, `postgres` without a name. */
  query(sql: string, database?: string): Promise<Record<string, unknown>[]>;
  /** `fast` lets transactions go; `immediate` is as a crash. */
  restart(mode: "fast" | "immediate"): Promise<void>;
  stop(mode?: "fast" | "immediate"): Promise<void>;
}

const PASSWORD = "relay-test";
const SIGNALS = { fast: "SIGINT", immediate: "SIGQUIT" } as const;

/** PostgreSQL will not run as root: nobody runs it then. */
const NOBODY = 65_534;
const asNobody: SpawnOptions = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** Makes a server and starts it, on 127.0.0.1 and a free port. */
export async function startPostgres(options: ServerOptions): Promise<PostgresServer> {
  const { folder } = options;
  const bin = postgresPrograms(folder);
  const data = join(folder, "data");
  if (!existsSync(data)) initialise(bin, folder, data);
  const port = await freePort();
  let server = launch(bin, data, port, options);
  const url = urlOf(port);
  await untilReady(server, url("postgres"));

  async function stop(mode: "fast" | "immediate" = "fast"): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
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
      server = launch(bin, data, port, options);
      await untilReady(server, url("postgres"));
    },
  };
}

export function urlOf(port: number): (database: string) => string {
  return (database) => `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${database}`;
}

/** Statements without values on a connection of their own. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  // A server that is stopped ends its connections.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function initialise(bin: string, folder: string, data: string): void {
  // Whoever runs it has to be let in.
  chmodSync(folder, 0o755);
  mkdirSync(data, { mode: 0o700 });
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, PASSWORD);
  if (asNobody.uid !== undefined) chownSync(data, NOBODY, NOBODY);
  const args = [
    "-D",
    data,
    "-U",
    "postgres",
    "-A",
    "scram-sha-256",
    `--pwfile=${passwordFile}`,
    "-E",
    "UTF8",
    "--locale=C",
    "-N",
  ];
  const { status, stderr } = spawnSync(join(bin, "initdb"), args, { ...asNobody, cwd: data, encoding: "utf8" });
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`);
}

function launch(bin: string, data: string, port: number, options: ServerOptions): ChildProcess {
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
    ...asNobody,
    cwd: data,
    detached,
    stdio: ["ignore", log, log],
  });
  if (detached) server.unref();
  return server;
}

const PATIENCE_MS = 60_000;

async function untilReady(server: ChildProcess, url: string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await query(url, "SELECT 1");
      return;
    } catch (error) {
      if (server.exitCode !== null || performance.now() > end)
        throw new Error("PostgreSQL did not start", { cause: error });
      await sleepFor(50);
    }
  }
}
