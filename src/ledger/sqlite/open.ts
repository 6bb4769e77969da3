import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { LedgerRefused, LedgerUnavailable } from "../errors.ts";
import type { Ledger } from "../ledger.ts";
import { accept } from "./accept.ts";
import { Changes } from "./changes.ts";
import { catchUp, setBack, watchClock } from "./clock.ts";
import { guarded, refused } from "./failure.ts";
import { takeGuard } from "./guard.ts";
import { hold, holds, lift } from "./holds.ts";
import { isBehind, migrate } from "./migrate.ts";
import { claim, nextDue, recover, release } from "./queue.ts";
import { attempts, backlog, deliveries, delivery, event, events } from "./record.ts";
import { receivedSince, replay } from "./replay.ts";
import { retry, selectSettled } from "./retry.ts";
import { createTurns } from "../rate.ts";
import { readClaims, type ClaimRow } from "../rows.ts";
import { secret } from "./secret.ts";
import { settle } from "./settle.ts";
import { Store } from "./store.ts";
import { sweep } from "./sweep.ts";
import { Writer } from "./writer.ts";

export interface SqliteOptions {
  /** Created with its folder where missing. */
  readonly file: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** `relay`: the one relay on the file. `beside`: a command that may read and change while a relay runs. */
  readonly mode: "relay" | "beside";
}

/**
 * Opens the embedded ledger. As `relay` it also takes back what a relay that died left running. Throws LedgerRefused when another relay is
 * running on the file, when its schema is newer than the program, and when it cannot be opened as a ledger.
 */
export async function openSqliteLedger(options: SqliteOptions): Promise<Ledger> {
  const ledger = await openSqliteRows(options);
  return {
    ...ledger,
    claim: async (...wanted) => readClaims(await ledger.claim(...wanted), (lease) => ledger.release(lease)),
  };
}

/** The same ledger, with claims as they are in the database: for another thread to read. */
export type SqliteRows = Omit<Ledger, "claim"> & {
  claim(sink: string, limit: number, concurrency: number): Promise<readonly ClaimRow[]>;
};

/** As `openSqliteLedger`. */
export async function openSqliteRows(options: SqliteOptions): Promise<SqliteRows> {
  const { mode, now } = options;
  const file = locate(resolve(options.file));
  const guard = mode === "relay" ? takeGuard(file, `another relay is running on ${file}`) : undefined;
  try {
    const store = openStore(file, (opened, isOld) => {
      if (isOld) migrateAlone(opened, file, mode);
      if (mode === "relay") opened.transaction(() => resume(opened, now()));
    });
    return methods(store, options, () => guard?.release());
  } catch (error) {
    guard?.release();
    throw refused(file, error) ?? error;
  }
}

/** Goes on from where the relay before this one ended, however it did. */
function resume(store: Store, now: number): void {
  catchUp(store, now);
  recover(store, now);
}

/** Makes the folder, and gives the file its one name: relays that reach it through different links meet at the same guard. */
function locate(file: string): string {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true });
    return existsSync(file) ? realpathSync(file) : join(realpathSync(folder), basename(file));
  } catch (error) {
    throw new LedgerRefused(`cannot open ${file}: its folder ${folder} cannot be created or read`, { cause: error });
  }
}

/** Looks before it touches anything: what is not a ledger is left exactly as it was. */
function openStore(file: string, prepare: (store: Store, isOld: boolean) => void): Store {
  const store = new Store(file);
  try {
    const isOld = isBehind(store, file);
    store.configure();
    prepare(store, isOld);
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}

/** A command migrates only where no relay is running, whose statements are those of the schema it knows. */
function migrateAlone(store: Store, file: string, mode: SqliteOptions["mode"]): void {
  if (mode === "relay") return migrate(store, file);
  const guard = takeGuard(file, `${file} has an older schema: restart the relay that is running on it`);
  try {
    migrate(store, file);
  } finally {
    guard.release();
  }
}

function methods(store: Store, { now, mode }: SqliteOptions, letGo: () => void): SqliteRows {
  const changes = new Changes();
  const writer = new Writer(store, (sink) => changes.announce(sink));
  const turns = createTurns(() => performance.now());
  let isClosed = false;
  const unwatch = mode === "relay" ? watchClock({ now, steady: () => performance.now(), onJump }) : () => undefined;
  if (mode === "relay") changes.watch(store);

  /** Whoever sleeps until a time looks again, since it may have come. */
  function onJump(jumpMs: number): void {
    if (jumpMs < 0) store.transaction(() => setBack(store, now(), -jumpMs));
    changes.announce("*");
  }

  async function read<T>(query: () => T): Promise<T> {
    if (isClosed) throw new LedgerUnavailable("the ledger is closed");
    return guarded(query);
  }

  return {
    accept: (arrival) => writer.write((wake) => accept(store, arrival, now(), wake)),
    claim: (sink, limit, concurrency) => writer.write(() => claim(store, sink, { limit, concurrency }, now())),
    settle: (claimed, settlement) => writer.write((wake) => settle(store, claimed, settlement, now(), wake)),
    release: (claimed) => writer.write((wake) => release(store, claimed, wake)),
    nextDue: (sink) => read(() => nextDue(store, sink)),
    onWork: (listener) => changes.listen(listener),
    // One process has the ledger, and keeps these itself. Spacing is measured by a clock that nobody sets.
    turn: async (...turn) => turns(...turn),
    lock: async () => true,
    unlock: async () => undefined,
    hold: (one) => writer.write(() => hold(store, one)),
    lift: (sink, by) => writer.write((wake) => lift(store, sink, by, wake)),
    holds: () => read(() => holds(store)),
    events: (query) => read(() => events(store, query)),
    event: (id) => read(() => event(store, id)),
    deliveries: (query) => read(() => deliveries(store, query)),
    delivery: (id) => read(() => delivery(store, id)),
    attempts: (id) => read(() => attempts(store, id)),
    backlog: () => read(() => backlog(store)),
    retry: async (selection, onProgress) =>
      retry(store, writer, await read(() => selectSettled(store, selection)), now, onProgress),
    replay: (replays) => writer.write((wake) => replay(store, replays, now(), wake)),
    receivedSince: (since) => read(() => receivedSince(store, since)),
    secret: (source, candidate) => writer.write(() => secret(store, source, candidate)),
    sweep: (before, limit) => sweep(store, writer, before, limit),
    ping: () => read(() => void store.get("SELECT 1 FROM events LIMIT 1")),
    async close() {
      if (isClosed) return;
      isClosed = true;
      unwatch();
      changes.close();
      writer.close();
      store.close();
      letGo();
    },
  };
}
