import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { accept } from "../../../src/ledger/sqlite/accept.ts";
import { migrate } from "../../../src/ledger/sqlite/migrate.ts";
import { Store } from "../../../src/ledger/sqlite/store.ts";
import { Writer } from "../../../src/ledger/sqlite/writer.ts";
import { tempFolder } from "../../support/temp.ts";
import { arrival, START } from "../samples.ts";

test("commits what is asked for in one turn once, whatever it is", async () => {
  const { acceptOne, commits } = open();
  const before = commits();
  await Promise.all(Array.from({ length: 50 }, (_, n) => acceptOne(`n${n}`)));
  expect(commits() - before).toBe(1);
});

test("commits again for what is asked for later", async () => {
  const { acceptOne, commits } = open();
  const before = commits();
  for (const id of ["one", "two", "three"]) await acceptOne(id);
  expect(commits() - before).toBe(3);
});

test("splits very much into several commits", async () => {
  const { acceptOne, commits } = open();
  const before = commits();
  await Promise.all(Array.from({ length: 600 }, (_, n) => acceptOne(`n${n}`)));
  expect(commits() - before).toBe(3);
});

test("commits nothing where nothing was written", async () => {
  const { store, writer, commits } = open();
  const before = commits();
  await writer.write(() => store.all("SELECT * FROM events"));
  expect(commits() - before).toBe(0);
});

test("answers only once the commit can be read from outside", async () => {
  const { file, acceptOne } = open();
  await acceptOne("one");
  const outside = new DatabaseSync(file, { readOnly: true });
  onTestFinished(() => outside.close());
  expect(outside.prepare("SELECT id FROM events").all()).toMatchObject([{ id: "evt_one" }]);
});

test("wakes once the commit can be read from outside, and for what was stored only", async () => {
  const woken: unknown[] = [];
  const { file, writer, acceptOne } = open((sink) =>
    woken.push([sink, outside.prepare("SELECT id FROM events").all()]),
  );
  const outside = new DatabaseSync(file, { readOnly: true });
  onTestFinished(() => outside.close());
  const lost = writer.write((wake) => {
    wake("lost");
    throw new TypeError("a defect");
  });
  const results = await Promise.allSettled([acceptOne("one"), lost]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  expect(woken).toMatchObject([["crm", [{ id: "evt_one" }]]]);
});

test("syncs the disk at every commit", () => {
  const { store } = open();
  expect(store.get("PRAGMA journal_mode")).toMatchObject({ journal_mode: "wal" });
  expect(store.get("PRAGMA synchronous")).toMatchObject({ synchronous: 2 });
});

test("rejects everything of a commit that fails, and stores none of it", async () => {
  const { store, writer, acceptOne, stored } = open();
  const orphan = writer.write(() => {
    store.run("PRAGMA defer_foreign_keys = ON");
    store.run(
      `INSERT INTO attempts (delivery, number, started_at, duration_ms, outcome, message, answer)
       VALUES (404, 1, 0, 0, 'dead', '0', '0')`,
    );
  });
  const results = await Promise.allSettled([acceptOne("one"), orphan, acceptOne("two")]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(stored()).toEqual([]);
  await expect(acceptOne("one")).resolves.toMatchObject({ status: "accepted" });
});

test("is unavailable while the disk is full, stores nothing, and goes on by itself once there is room", async () => {
  const { store, acceptOne, stored } = open();
  await acceptOne("before");
  const pages = Number(store.get("PRAGMA page_count")?.["page_count"]);
  store.script(`PRAGMA max_page_count = ${pages + 5}`);
  const full = { code: "ledger_unavailable", cause: { errcode: 13 } };
  const many = Array.from({ length: 50 }, (_, n) => acceptOne(`n${n}`));
  await Promise.all(many.map((one) => expect(one).rejects.toMatchObject(full)));
  expect(stored()).toEqual(["evt_before"]);
  store.script(`PRAGMA max_page_count = ${pages + 5_000}`);
  await expect(acceptOne("n0")).resolves.toMatchObject({ status: "accepted" });
  expect(stored()).toEqual(["evt_before", "evt_n0"]);
});

test("is unavailable while the file is read-only, and goes on by itself once it is not", async () => {
  const { store, acceptOne, stored } = open();
  store.script("PRAGMA query_only = ON");
  await expect(acceptOne("one")).rejects.toMatchObject({ code: "ledger_unavailable", cause: { errcode: 8 } });
  store.script("PRAGMA query_only = OFF");
  await expect(acceptOne("two")).resolves.toMatchObject({ status: "accepted" });
  expect(stored()).toEqual(["evt_two"]);
});

test("is unavailable while another process keeps the file locked", async () => {
  const { file, store, acceptOne } = open();
  store.script("PRAGMA busy_timeout = 0");
  const other = new DatabaseSync(file);
  onTestFinished(() => other.close());
  other.exec("BEGIN IMMEDIATE");
  await expect(acceptOne("one")).rejects.toMatchObject({ code: "ledger_unavailable", cause: { errcode: 5 } });
  other.exec("ROLLBACK");
  await expect(acceptOne("one")).resolves.toMatchObject({ status: "accepted" });
});

function open(wake: (sink: string) => void = () => undefined) {
  const file = join(tempFolder(), "relay.db");
  const store = new Store(file);
  onTestFinished(() => store.close());
  store.configure();
  migrate(store, file);
  store.script("PRAGMA wal_autocheckpoint = 0");
  const writer = new Writer(store, wake);
  return {
    file,
    store,
    writer,
    acceptOne: (id: string) => writer.write((woken) => accept(store, arrival({ id }), START, woken)),
    stored: () => store.all("SELECT id FROM events").map(({ id }) => id),
    commits: () => countCommits(`${file}-wal`),
  };
}

/** Frames of the write-ahead log that end a transaction: https://sqlite.org/fileformat2.html#the_write_ahead_log */
function countCommits(log: string): number {
  const bytes = readFileSync(log);
  const frame = 24 + bytes.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + frame <= bytes.length; at += frame) {
    const isCurrent = bytes.subarray(at + 8, at + 16).equals(bytes.subarray(16, 24));
    if (isCurrent && bytes.readUInt32BE(at + 4) !== 0) commits += 1;
  }
  return commits;
}
