import { request } from "undici";
import { z } from "zod";
import type { BacklogSize } from "./backlog.ts";
import type { BenchPostgres } from "./postgres.ts";
import { configure, forwardTo, pauseSink, startRelay } from "./relay.ts";
import { scratchFolder } from "./scratch.ts";
import { shortWebhook, signed, uidOf } from "./webhooks.ts";

/**
 * Makes a ledger with a backlog for the sink `receiver` in a new database, and returns its URL: the relay accepts one webhook while the sink
 * is paused, and SQL multiplies what the relay wrote. `isAnalysed` false leaves PostgreSQL with the statistics of the one.
 */
export async function sharedBacklog(
  postgres: BenchPostgres,
  { deliveries, bookings }: BacklogSize,
  isAnalysed = true,
): Promise<string> {
  const url = await postgres.fresh();
  await acceptOne(url);
  const before = `ALTER TABLE cal_relay.events SET (autovacuum_enabled = off);
    ALTER TABLE cal_relay.deliveries SET (autovacuum_enabled = off); ANALYZE;`;
  await postgres.query(url, before);
  const uid = `'${uidOf(0).slice(0, -12)}' || lpad((n % ${bookings})::text, 12, '0')`;
  const id = "'evt_' || lpad(n::text, 26, '0')";
  await copy(postgres, url, "events", deliveries, {
    id,
    booking_key: uid,
    duplicate_key: "duplicate_key || n",
    event: `replace(replace(event, id, ${id}), '${uidOf(0)}', ${uid})`,
  });
  await copy(postgres, url, "deliveries", deliveries, {
    id: "'dlv_' || lpad(n::text, 26, '0') || '-1'",
    event: id,
    booking_key: uid,
    head: `n < ${bookings}`,
    job: "NULL",
    due_at: `due_at - ${deliveries} + n`,
  });
  const autovacuum = `ALTER TABLE cal_relay.events RESET (autovacuum_enabled);
    ALTER TABLE cal_relay.deliveries RESET (autovacuum_enabled);`;
  if (isAnalysed) await postgres.query(url, autovacuum);
  if (isAnalysed) await postgres.query(url, "VACUUM ANALYZE");
  return url;
}

async function acceptOne(url: string): Promise<void> {
  using folder = scratchFolder();
  configure(folder.path, forwardTo("http://127.0.0.1:9", 1), url);
  await pauseSink(folder.path, "receiver");
  await using relay = await startRelay(folder.path);
  const body = shortWebhook(0);
  const answer = await request(`${relay.url}/hooks/cal`, { method: "POST", body, headers: signed(body) });
  if (answer.statusCode !== 202) throw new Error(`the relay answered ${answer.statusCode}`);
  await answer.body.dump();
}

/** Copies a table's one row until there are `count`, with some columns computed from the copy's number `n`. */
async function copy(
  postgres: BenchPostgres,
  url: string,
  name: string,
  count: number,
  computed: Readonly<Record<string, string>>,
): Promise<void> {
  const rows = await postgres.query(
    url,
    `SELECT column_name FROM information_schema.columns WHERE table_schema = 'cal_relay' AND table_name = '${name}' AND is_identity = 'NO'`,
  );
  const columns = rows.map((row) => z.object({ column_name: z.string() }).parse(row).column_name);
  const values = columns.map((column) => computed[column] ?? column);
  await postgres.query(
    url,
    `INSERT INTO cal_relay.${name} (${columns.join(", ")})
     SELECT ${values.join(", ")} FROM generate_series(1, ${count - 1}) AS numbers (n) CROSS JOIN cal_relay.${name} ORDER BY n`,
  );
}
