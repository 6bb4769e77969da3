import { startPostgres } from "../../test/support/postgres/server.ts";
import { scratchFolder } from "./scratch.ts";

export interface BenchPostgres extends AsyncDisposable {
  /** The URL of a new, empty database. */
  fresh(): Promise<string>;
  drop(url: string): Promise<void>;
  /** One or several statements in a database. */
  query(url: string, sql: string): Promise<Record<string, unknown>[]>;
}

/** A PostgreSQL of its own with the settings it comes with, so that every commit is on disk before anyone is told. */
export async function startBenchPostgres(settings: Readonly<Record<string, string>> = {}): Promise<BenchPostgres> {
  const folder = scratchFolder();
  const server = await startPostgres({ folder: folder.path, durable: true, settings });
  const kill = (): void => void process.kill(server.pid(), "SIGQUIT");
  process.prependOnceListener("exit", kill);
  let made = 0;

  return {
    async fresh() {
      const name = `bench_${++made}`;
      await server.query(`CREATE DATABASE ${name}`);
      return server.url(name);
    },
    drop: (url) => server.query(`DROP DATABASE ${nameOf(url)} WITH (FORCE)`).then(() => undefined),
    query: (url, sql) => server.query(sql, nameOf(url)),
    async [Symbol.asyncDispose]() {
      process.off("exit", kill);
      await server.stop();
      folder[Symbol.dispose]();
    },
  };
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}
