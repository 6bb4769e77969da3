import { DatabaseSync } from "node:sqlite";
import { request } from "undici";
import { z } from "zod";
import { ledgerOf, pauseSink, runRelay, startRelay } from "./relay.ts";
import { signed, uidOf } from "./webhooks.ts";

export interface BacklogSize {
  readonly deliveries: number;
  /** They take turns, so that each has as many deliveries as the others. */
  readonly bookings: number;
}

/**
 * Makes a ledger with a backlog in a folder that is configured for one target: the relay accepts the webhook with the number 0 while its
 * sink `receiver` is paused, and SQL multiplies what the relay wrote.
 */
export async function makeBacklog(folder: string, body: string, size: BacklogSize): Promise<void> {
  await pauseSink(folder, "receiver");
  await acceptOne(folder, body);
  multiply(ledgerOf(folder), size);
  await runRelay(folder, "resume", "receiver");
}

/** How many attempts that delivered are on record. */
export function recorded(folder: string): number {
  using database = new DatabaseSync(ledgerOf(folder), { readOnly: true });
  const row = database
    .prepare("SELECT count(*) AS n FROM attempts JOIN deliveries AS d ON d.seq = delivery WHERE state = 'delivered'")
    .get();
  return z.object({ n: z.number() }).parse(row).n;
}

async function acceptOne(folder: string, body: string): Promise<void> {
  await using relay = await startRelay(folder);
  const answer = await request(`${relay.url}/hooks/cal`, { method: "POST", body, headers: signed(body) });
  if (answer.statusCode !== 202) throw new Error(`the relay answered ${answer.statusCode}`);
  await answer.body.dump();
}

/** A minute's work with indexes and journal, ten seconds without: nobody else has the file, and a crash leaves nothing worth keeping. */
function multiply(file: string, { deliveries, bookings }: BacklogSize): void {
  using database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144");
  const uid = `printf('${uidOf(0).slice(0, -12)}%012d', n % ${bookings})`;
  const id = "printf('evt_%026d', n)";
  const indexes = database
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
    .all()
    .map((row) => z.object({ name: z.string(), sql: z.string() }).parse(row));
  for (const { name } of indexes) database.exec(`DROP INDEX ${name}`);
  copy(database, "events", deliveries, {
    id,
    booking_key: uid,
    duplicate_key: "duplicate_key || n",
    event: `replace(replace(event, id, ${id}), '${uidOf(0)}', ${uid})`,
  });
  copy(database, "deliveries", deliveries, {
    id: "printf('dlv_%026d-1', n)",
    event: id,
    booking_key: uid,
    head: `n < ${bookings}`,
  });
  for (const { sql } of indexes) database.exec(sql);
}

/** Copies a table's one row until there are `count`, with some columns computed from the copy's number `n`. */
function copy(database: DatabaseSync, name: string, count: number, computed: Readonly<Record<string, string>>): void {
  const columns = database
    .prepare("SELECT name FROM pragma_table_info(?) WHERE name <> 'seq'")
    .all(name)
    .map((row) => z.object({ name: z.string() }).parse(row).name);
  const values = columns.map((column) => computed[column] ?? column);
  database.exec(`
    INSERT INTO ${name} (${columns.join(", ")})
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count - 1})
    SELECT ${values.join(", ")} FROM numbers CROSS JOIN ${name}`);
}
