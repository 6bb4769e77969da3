import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { sample } from "../../src/cal/samples.ts";
import { runProgram, startProgram } from "../support/program.ts";
import { tempFolder } from "../support/temp.ts";

const head = `server: { host: 127.0.0.1, port: 0 }
storage: sqlite:./relay.db
sources: { cal: { secret: e2e-secret } }
sinks: { log: { type: file, path: ./lines.jsonl } }
routes:
`;
const route = (name: string): string =>
  `  - { name: ${name}, on: "BOOKING_*", to: [{ sink: log, line: "${name} {{ trigger }}" }] }\n`;

test("replay routes stored events again under the configuration of now, beside a running relay", async () => {
  const cwd = tempFolder();
  writeFileSync(join(cwd, "relay.config.yaml"), head + route("first"));
  const relay = await startProgram({ cwd });
  const events: string[] = [];
  for (const name of ["BOOKING_CREATED", "PING", "BOOKING_RESCHEDULED"]) {
    const { body } = await relay.post(sample(name));
    events.push(String(body["event"]));
  }
  const [created = "", ping = ""] = events;
  await vi.waitFor(() => expect(lines(cwd)).toHaveLength(2));

  expect(await runProgram(["replay", created], { cwd })).toEqual({
    code: 0,
    stdout: "1 delivery made\n",
    stderr: "replaying 1 event\n",
  });
  await vi.waitFor(() => expect(lines(cwd)).toHaveLength(3), { timeout: 5_000 });

  await relay.end("SIGTERM");
  writeFileSync(join(cwd, "relay.config.yaml"), head + route("first") + route("second"));
  const since = await runProgram(["replay", "--since", "1d", "--route", "second", "--json"], { cwd });
  expect(JSON.parse(since.stdout)).toEqual({ events: 3, deliveries: 2 });
  const waiting = await runProgram(["deliveries", "--state", "waiting", "--json"], { cwd });
  expect(JSON.parse(waiting.stdout)).toMatchObject([
    { route: "second" },
    { route: "second", id: expect.stringMatching(/-3$/) },
  ]);

  for (const [args, message] of [
    [["evt_unknown", created], "cal-relay: no event evt_unknown; nothing was replayed\n"],
    [[ping, created], `cal-relay: ${ping} is a PING, which is never routed; nothing was replayed\n`],
    [[created, "--route", "secnd"], 'cal-relay: no route "secnd"; did you mean second?\n'],
  ] as const)
    expect(await runProgram(["replay", ...args], { cwd })).toEqual({ code: 1, stdout: "", stderr: message });
  expect((await runProgram(["replay"], { cwd })).code).toBe(2);
  expect((await runProgram(["replay", created, "--since", "1d"], { cwd })).code).toBe(2);
}, 30_000);

test("retry selects by state, sink and time, and says beforehand how many it puts back", async () => {
  const cwd = tempFolder();
  writeFileSync(join(cwd, "relay.config.yaml"), head + route("first"));
  const relay = await startProgram({ cwd });
  await relay.post(sample("BOOKING_CREATED"));
  await vi.waitFor(() => expect(lines(cwd)).toHaveLength(1));
  await relay.end("SIGTERM");
  for (const [sink, since, retried, said] of [
    ["other", "1d", 0, "putting back 0 deliveries\n"],
    ["log", "2999-01-01T00:00:00Z", 0, "putting back 0 deliveries\n"],
    ["log", "1d", 1, "putting back 1 delivery\n"],
  ] as const) {
    const selection = ["--state", "delivered", "--sink", sink, "--since", since];
    const { stdout, stderr } = await runProgram(["retry", ...selection, "--json"], { cwd });
    expect([JSON.parse(stdout), stderr]).toEqual([{ retried }, said]);
  }
}, 30_000);

function lines(cwd: string): string[] {
  const file = join(cwd, "lines.jsonl");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
}
