import { randomUUID } from "node:crypto";
import { PgBoss } from "pg-boss";
import type { CommandLedger, Ledger } from "../ledger.ts";
import { Changes } from "./changes.ts";
import { commandMethods } from "./commands.ts";
import { connectionOf, Database } from "./database.ts";
import { failure } from "./failure.ts";
import { expectOwn, migrate } from "./migrate.ts";
import { relayMethods } from "./relay.ts";
import { QUEUE_SCHEMA } from "./schema.ts";

export interface PostgresOptions {
  /** As the driver takes it. */
  readonly url: string;
  /** Connections at most, besides the three of pg-boss and of LISTEN. */
  readonly pool: number;
  /** How long a relay that is not heard of keeps what it has claimed; 10 at least. */
  readonly leaseSeconds: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Hears what goes wrong behind the scenes; all of it resumes by itself. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Opens the shared ledger for one of any number of relays, and makes or brings up to date what it needs in the database. Throws LedgerRefused
 * when the schema is newer than the program and when the user may not change it, LedgerUnavailable when the database does not answer.
 */
export async function openPostgresLedger(options: PostgresOptions): Promise<Ledger> {
  const { url, pool, leaseSeconds, now, onTrouble } = options;
  const relay = randomUUID();
  const database = new Database({ url, pool });
  const changes = new Changes(relay);
  const boss = createBoss(url, leaseSeconds);
  boss.on("error", (error) => onTrouble(failure(error)));
  try {
    await migrate(database, async () => void (await boss.start()));
    await changes.watch(boss, database, onTrouble);
  } catch (error) {
    await Promise.allSettled([changes.close(), boss.stop({ graceful: false }), database.close()]);
    throw error;
  }
  return {
    ...commandMethods(database, changes, now),
    ...relayMethods({ relay, database, changes, boss, leaseSeconds, now, onTrouble }),
  };
}

/** Opens it for a command, while relays are running or not. Throws LedgerRefused where no relay has made it yet, or a newer one has. */
export async function openPostgresRecord({ url, now }: Pick<PostgresOptions, "url" | "now">): Promise<CommandLedger> {
  const database = new Database({ url, pool: 2 });
  try {
    await expectOwn(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return commandMethods(database, new Changes(randomUUID()), now);
}

/** Looks for leases that nobody renewed as often as they are renewed. */
function createBoss(url: string, leaseSeconds: number): PgBoss {
  const everySeconds = Math.max(1, Math.floor(leaseSeconds / 3));
  return new PgBoss({
    ...connectionOf(url),
    application_name: "cal-relay queue",
    max: 2,
    schema: QUEUE_SCHEMA,
    schedule: false,
    registerInstance: false,
    superviseIntervalSeconds: everySeconds,
    monitorIntervalSeconds: everySeconds,
  });
}
