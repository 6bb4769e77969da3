import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleepFor } from "node:timers/promises";
import { createAccept } from "./accept.ts";
import { startEmbedded, type Store } from "./embedded/start.ts";
import type { Source } from "./event.ts";
import { createEventIds } from "./event-id.ts";
import { readAddress, type Address } from "./ledger/address.ts";
import { LedgerRefused, LedgerUnavailable } from "./ledger/errors.ts";
import type { CommandLedger } from "./ledger/ledger.ts";
import { openSqliteLedger } from "./ledger/sqlite/open.ts";
import type { Route } from "./routing/match.ts";

export interface StoreOptions {
  /** Hears what goes wrong behind the scenes of a shared ledger; all of it resumes by itself. */
  readonly onTrouble: (error: unknown) => void;
  /** Ends the wait for a database that does not answer yet. */
  readonly stop: AbortSignal;
}

/** Databases and relays are started together, and a database takes its time. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 1_000;

/** Opens what `storage` names for a relay. Rejects with LedgerRefused, and with LedgerUnavailable where no database answers for a minute. */
export async function startStore(storage: string, options: StoreOptions): Promise<Store> {
  const address = addressOf(storage);
  return address.kind === "sqlite" ? startEmbedded(address.file) : startShared(address, options);
}

async function startShared(address: Extract<Address, { kind: "postgres" }>, options: StoreOptions): Promise<Store> {
  const { openPostgresLedger } = await importPostgres();
  const ledger = await untilAvailable(
    () => openPostgresLedger({ ...address, now: Date.now, onTrouble: options.onTrouble }),
    options,
  );
  let sources: ReadonlyMap<string, Source> = new Map();
  let routes: readonly Route[] = [];
  const accept = createAccept({
    ledger,
    sources: () => sources,
    routes: () => routes,
    now: Date.now,
    newEventId: createEventIds(randomBytes),
  });
  return {
    ledger,
    accept,
    async rule(rules) {
      sources = new Map(rules.sources.map((source) => [source.name, source]));
      routes = rules.routes;
    },
  };
}

async function untilAvailable<T>(open: () => Promise<T>, { onTrouble, stop }: StoreOptions): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  while (true) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof LedgerUnavailable) || performance.now() > end) throw error;
      onTrouble(error);
      await sleepFor(RETRY_MS, undefined, { signal: stop });
    }
  }
}

/** Opens what `storage` names for a command that looks at or changes a ledger which relays may be using. */
export async function openBeside(storage: string): Promise<CommandLedger> {
  const address = addressOf(storage);
  if (address.kind === "postgres") {
    const { openPostgresRecord } = await importPostgres();
    return openPostgresRecord({ ...address, now: Date.now });
  }
  if (!existsSync(address.file))
    throw new LedgerRefused(`no ledger at ${resolve(address.file)}; start the relay first, or run this where it runs`);
  return openSqliteLedger({ file: address.file, now: Date.now, mode: "beside" });
}

/** What an embedded ledger need not wait for. */
function importPostgres() {
  return import("./ledger/postgres/open.ts");
}

function addressOf(storage: string): Address {
  const address = readAddress(storage);
  if (address.kind === "problem") throw new LedgerRefused(`storage: ${address.message}`);
  return address;
}
