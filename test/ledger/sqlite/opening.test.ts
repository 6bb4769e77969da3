import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/open.ts";
import { APPLICATION_ID, MIGRATIONS } from "../../../src/ledger/sqlite/schema.ts";
import { tempFolder } from "../../support/temp.ts";
import { arrival, sampleEvent } from "../samples.ts";

test("creates the folder and the file", async () => {
  const file = join(tempFolder(), "deep", "down", "relay.db");
  const ledger = await open(file);
  await ledger.accept(arrival({ id: "one" }));
  expect(existsSync(file)).toBe(true);
});

test("opens what it wrote, again and again", async () => {
  const file = join(tempFolder(), "relay.db");
  for (const id of ["one", "two", "three"]) {
    const ledger = await open(file);
    await ledger.accept(arrival({ id }));
    await ledger.close();
  }
  expect(await (await open(file)).events({ limit: 10 })).toHaveLength(3);
});

test("leaves everything in the one file when it closes", async () => {
  const file = join(tempFolder(), "relay.db");
  const ledger = await open(file);
  await ledger.accept(arrival({ id: "one" }));
  expect(existsSync(`${file}-wal`)).toBe(true);
  await ledger.close();
  expect(existsSync(`${file}-wal`)).toBe(false);
});

test("refuses a second relay on the file, by whatever name, until the first has closed", async () => {
  const folder = tempFolder();
  const [file, link] = [join(folder, "relay.db"), join(folder, "link.db")];
  const first = await open(file);
  symlinkSync(file, link);
  const refusal = { code: "ledger_refused", message: `another relay is running on ${file}` };
  await expect(open(file)).rejects.toMatchObject(refusal);
  await expect(open(link)).rejects.toMatchObject(refusal);
  expect(await first.accept(arrival({ id: "one" }))).toMatchObject({ status: "accepted" });
  await first.close();
  expect(await (await open(link)).event("evt_one")).not.toBeNull();
});

test("brings a ledger of the first version up to date, with what it remembers", async () => {
  const file = join(tempFolder(), "relay.db");
  alter(file, `${MIGRATIONS[0]} PRAGMA user_version = 1; PRAGMA application_id = ${APPLICATION_ID};`);
  alter(file, `INSERT INTO memory VALUES ('all/crm', 'one', '{"page":"p1"}')`);
  const ledger = await open(file);
  await ledger.accept(arrival({ id: "one" }));
  expect(await ledger.claim("crm", 1, 1_000)).toMatchObject([{ memory: { page: "p1" }, applied: null }]);
});

test("brings a ledger of the second version up to date, with its events, what runs and what was given up", async () => {
  const file = join(tempFolder(), "relay.db");
  alter(file, `${MIGRATIONS.slice(0, 2).join("")} PRAGMA user_version = 2; PRAGMA application_id = ${APPLICATION_ID};`);
  const event = sampleEvent("evt_one", "one", { body: `{"it's":"kept"}` });
  const quoted = JSON.stringify(event).replaceAll("'", "''");
  alter(file, `INSERT INTO events VALUES (1, 'evt_one', 'cal', NULL, 0, 'one', NULL, '[]', '${quoted}')`);
  for (const [index, state] of ["running", "waiting", "dead", "delivered"].entries())
    alter(
      file,
      `INSERT INTO deliveries (id, event, route, target, sink, booking_key, state, head, due_at, accepted_at, settled_at)
       VALUES ('dlv_one-${index}', 'evt_one', 'all', 'all/crm', 'crm', 'one', '${state}', ${Number(index === 0)}, 0, ${index},
               ${index < 2 ? "NULL" : "0"})`,
    );
  const ledger = await open(file);
  expect((await ledger.event("evt_one"))?.event).toEqual(event);
  expect(await ledger.backlog()).toEqual([
    { sink: "crm", state: "dead", count: 1, oldest: null },
    { sink: "crm", state: "delivered", count: 1, oldest: null },
    { sink: "crm", state: "waiting", count: 2, oldest: 0 },
  ]);
  expect(await ledger.claim("crm", 5, 1_000)).toMatchObject([{ delivery: { id: "dlv_one-0", maybeDelivered: true } }]);
  expect(await ledger.deliveries({ state: "dead", limit: 5 })).toMatchObject([{ id: "dlv_one-2" }]);
});

test("brings a ledger of the third version up to date, with every key found by its own name", async () => {
  const file = join(tempFolder(), "relay.db");
  alter(file, `${MIGRATIONS.slice(0, 3).join("")} PRAGMA user_version = 3; PRAGMA application_id = ${APPLICATION_ID};`);
  alter(file, "INSERT INTO aliases VALUES ('c', 'a'), ('b', 'a')");
  const ledger = await open(file);
  await ledger.accept(arrival({ id: "one", booking: { uid: "a", previousUid: "z", rootUid: "y" } }));
  expect(await ledger.claim("crm", 1, 1_000)).toMatchObject([{ delivery: { bookingKey: "a" } }]);
});

test("refuses a schema newer than the program, and leaves it alone", async () => {
  const file = join(tempFolder(), "relay.db");
  await (await open(file)).close();
  alter(file, "PRAGMA user_version = 999");
  const before = readFileSync(file);
  const refusal = { code: "ledger_refused", message: expect.stringContaining("schema is version 999") };
  await expect(open(file)).rejects.toMatchObject(refusal);
  await expect(open(file, "beside")).rejects.toMatchObject(refusal);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("refuses the database of another program, and leaves it alone", async () => {
  const file = join(tempFolder(), "other.db");
  alter(file, "CREATE TABLE recipes (name TEXT)");
  const before = readFileSync(file);
  await expect(open(file)).rejects.toMatchObject({
    code: "ledger_refused",
    message: `cannot open ${file}: it is the database of another program`,
  });
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("refuses a file that is no database", async () => {
  const file = join(tempFolder(), "notes.db");
  writeFileSync(file, "not a database, but notes about roses\n".repeat(200));
  await expect(open(file)).rejects.toMatchObject({
    code: "ledger_refused",
    message: `cannot open ${file}: its file is not a SQLite database`,
  });
});

test("refuses a damaged file", async () => {
  const file = join(tempFolder(), "relay.db");
  await (await open(file)).close();
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xff, 100, 4_096));
  await expect(open(file)).rejects.toMatchObject({
    code: "ledger_refused",
    message: `cannot open ${file}: its file is damaged`,
  });
});

test("refuses a path that is a folder", async () => {
  const file = join(tempFolder(), "relay.db");
  mkdirSync(file);
  await expect(open(file)).rejects.toMatchObject({
    code: "ledger_refused",
    message: `cannot open ${file}: its file cannot be opened`,
  });
});

test("refuses a folder that cannot be made", async () => {
  const file = join(tempFolder(), "occupied", "relay.db");
  writeFileSync(join(file, ".."), "a file where the folder should be");
  await expect(open(file)).rejects.toMatchObject({
    code: "ledger_refused",
    message: expect.stringContaining("its folder"),
  });
});

test("lets go of the file when it refuses it", async () => {
  const file = join(tempFolder(), "relay.db");
  await (await open(file)).close();
  alter(file, "PRAGMA user_version = 999");
  await expect(open(file)).rejects.toMatchObject({ code: "ledger_refused" });
  alter(file, `PRAGMA user_version = ${MIGRATIONS.length}`);
  await expect(open(file)).resolves.toBeDefined();
});

async function open(file: string, mode: "relay" | "beside" = "relay"): Promise<Ledger> {
  const ledger = await openSqliteLedger({ file, now: Date.now, mode });
  onTestFinished(() => ledger.close());
  return ledger;
}

function alter(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}
