import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleepFor } from "node:timers/promises";
import { inject, onTestFinished } from "vitest";
import { openPostgresLedger } from "../../../src/ledger/postgres/open.ts";
import { query } from "./query.ts";
import { startPostgres, urlOf } from "./server.ts";

/** The URL of an empty database, gone when the test is over. */
export async function freshDatabase(): Promise<string> {
  return make("template1");
}

/** The same with a ledger in it. */
export async function freshLedgerDatabase(): Promise<string> {
  await once("ledger-template", async (url) => {
    await query(url("postgres"), "CREATE DATABASE ledger_template");
    const options = { url: url("ledger_template"), pool: 2, leaseSeconds: 10, now: Date.now };
    const ledger = await openPostgresLedger({ ...options, onTrouble: raise });
    await ledger.close();
  });
  return make("ledger_template");
}

async function make(template: string): Promise<string> {
  const url = await serverUrl();
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await query(url("postgres"), `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  onTestFinished(() => query(url("postgres"), `DROP DATABASE ${name} WITH (FORCE)`).then(() => undefined));
  return url(name);
}

/** The server of this run, started by the first that asks. */
async function serverUrl(): Promise<(database: string) => string> {
  const folder = inject("postgresFolder");
  const started = join(folder, "started");
  await firstOnly(join(folder, "starting"), started, async () => {
    const server = await startPostgres({ folder, outlives: true });
    writeFileSync(`${started}.new`, String(server.port));
    renameSync(`${started}.new`, started);
  });
  return urlOf(Number(readFileSync(started, "utf8")));
}

async function once(what: string, work: (url: (database: string) => string) => Promise<void>): Promise<void> {
  const url = await serverUrl();
  const done = join(inject("postgresFolder"), what);
  await firstOnly(`${done}-begun`, done, async () => {
    await work(url);
    writeFileSync(done, "");
  });
}

/** Of all test files that come here the first does it; the others wait until `done` is there, or until it has failed. */
async function firstOnly(begun: string, done: string, work: () => Promise<void>): Promise<void> {
  if (existsSync(done)) return;
  try {
    mkdirSync(begun);
  } catch {
    while (!existsSync(done)) {
      if (existsSync(`${begun}/failed`)) throw new Error(readFileSync(`${begun}/failed`, "utf8"));
      await sleepFor(50);
    }
    return;
  }
  await work().catch((error: unknown) => {
    writeFileSync(`${begun}/failed`, String(error));
    throw error;
  });
}

function raise(error: unknown): never {
  throw error;
}
