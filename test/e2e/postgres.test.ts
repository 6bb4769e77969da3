import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { moved } from "../torture/webhooks.ts";
import { freshDatabase } from "../support/postgres/shared.ts";
import { runProgram, startProgram } from "../support/program.ts";
import { tempFolder } from "../support/temp.ts";

const yaml = `
server: { host: 127.0.0.1, port: 0 }
storage: \${STORAGE}
sources:
  cal: { secret: e2e-secret }
sinks:
  archive: { type: file, path: out.jsonl }
routes:
  - { name: all, on: "*", to: [{ sink: archive, line: { event: "{{ event.id }}" } }] }
`;

test(
  "an installation on SQLite moves to PostgreSQL with what waits, and two relays go on with it",
  { timeout: 120_000 },
  async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, "relay.config.yaml"), yaml);
    const sqlite = { cwd, env: { STORAGE: "sqlite:./relay.db" } };
    const url = await freshDatabase();
    const postgres = { cwd, env: { STORAGE: url } };
    const run = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await runProgram(args, postgres);
      expect([code, stderr.replace(/^(copying|putting back|replaying).*\n/, "")]).toEqual([0, ""]);
      return stdout;
    };

    const before = await startProgram(sqlite);
    await runProgram(["pause", "archive"], sqlite);
    const { body: first } = await before.post(moved(1));
    await before.post(moved(2));
    await before.end("SIGTERM");
    expect(await run("migrate-storage", "sqlite:./relay.db", url)).toMatch(/deliveries +2[^]*start the relay/);

    const relays = await Promise.all([startProgram(postgres), startProgram(postgres)]);
    expect(await run("sinks")).toMatch(/archive +file +held +2 /);
    const { body: third } = (await relays[1]?.post(moved(3))) ?? {};
    expect(await relays[0]?.post(moved(3))).toMatchObject({
      status: 200,
      body: { status: "duplicate", event: third?.["event"] },
    });
    await run("resume", "archive");
    const written = () => readFileSync(join(cwd, "out.jsonl"), "utf8").trim().split("\n").length;
    await vi.waitFor(() => expect(written()).toBe(3), { timeout: 20_000 });

    expect(await run("events")).toContain(String(first["event"]));
    await vi.waitFor(async () => expect(await run("deliveries", "--state", "delivered")).toMatch(/(dlv_.*\n){2}dlv_/), {
      timeout: 20_000,
    });
    expect(await run("events", "show", String(first["event"]))).toContain("delivered");
    expect(await run("explain", String(first["event"]))).toContain("all");
    expect(await run("retry", "--state", "delivered", "--sink", "archive")).toContain("3 deliveries put back");
    expect(await run("replay", String(first["event"]))).toContain("1 delivery");
    await vi.waitFor(() => expect(written()).toBe(7), { timeout: 20_000 });
    const ends = await Promise.all(relays.map((relay) => relay.end("SIGTERM")));
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  },
);

test("a command says where there is no ledger, and quotes no password", { timeout: 60_000 }, async () => {
  const cwd = tempFolder();
  writeFileSync(join(cwd, "relay.config.yaml"), yaml);
  const empty = await runProgram(["events"], { cwd, env: { STORAGE: await freshDatabase() } });
  expect(empty).toMatchObject({ code: 1, stderr: expect.stringMatching(/no ledger in this database/) as string });
  const nobody = "postgres://relay:canary-password@127.0.0.1:1/relay";
  const unreachable = await runProgram(["events"], { cwd, env: { STORAGE: nobody } });
  expect(unreachable).toMatchObject({ code: 1, stdout: "" });
  expect(unreachable.stderr).toMatch(/^cal-relay: .*cannot be reached\n$/);
  for (const args of [
    [nobody, nobody],
    ["sqlite:relay.db", "all", nobody],
  ]) {
    const wrong = await runProgram(["migrate-storage", ...args], { cwd });
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).not.toContain("canary");
  }
});
