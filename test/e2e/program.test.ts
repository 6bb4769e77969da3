import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { TRIGGERS } from "../../src/cal/triggers.ts";
import { runProgram, startProgram } from "../support/program.ts";
import { startStandIn } from "../../src/sdk/testing/stand-in.ts";
import { tempFolder } from "../support/temp.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const quiet = { PORT: "0", CAL_WEBHOOK_SECRET: "e2e-secret" };

/** A folder with the repository's own configuration, as on a fresh machine. */
function freshFolder(): string {
  const folder = tempFolder();
  cpSync(join(root, "relay.config.yaml"), join(folder, "relay.config.yaml"));
  return folder;
}

test("the example configuration is well", async () => {
  const { code, stdout, stderr } = await runProgram(["check"], { cwd: freshFolder() });
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("team-slack runs dry: SLACK_BOT_TOKEN not set");
});

test("on a fresh machine a signed sample is answered with 202 and its line is in data/bookings.jsonl", async () => {
  const folder = freshFolder();
  const relay = await startProgram({ cwd: folder, env: { PORT: "0" } });
  const url = `${relay.url}/hooks/cal`;
  const sent = await runProgram(["send", "BOOKING_CREATED", "--url", url], { cwd: folder });
  expect([sent.code, sent.stdout]).toEqual([0, expect.stringMatching(/^202 \{"status":"accepted"/)]);
  const file = join(folder, "data/bookings.jsonl");
  await vi.waitFor(() => expect(existsSync(file) && readFileSync(file, "utf8")).toContain("BOOKING_CREATED"));
  expect((await relay.end("SIGTERM")).code).toBe(0);
});

test("start prints where to point Cal.com, with the secret it made, and logs no secret", async () => {
  const folder = freshFolder();
  const relay = await startProgram({ cwd: folder, env: { PORT: "0" } });
  const { stdout } = await relay.end("SIGTERM");
  const [, secret = ""] = /secret: ([0-9a-f]{64})/.exec(stdout) ?? [];
  expect(stdout).toMatch(/http:\/\/<this host>:\d+\/hooks\/cal/);
  const logged = stdout.split("\n").filter((line) => line.startsWith("{"));
  expect(secret).not.toBe("");
  expect(logged.join("\n")).not.toContain(secret);
});

test("demo shows every trigger and the rendered messages, and ends", { timeout: 60_000 }, async () => {
  const { code, stdout, stderr } = await runProgram(["demo", "--exit"], { cwd: freshFolder() });
  expect([code, stderr]).toEqual([0, ""]);
  for (const trigger of ["PING", ...TRIGGERS]) expect(stdout).toContain(`\n${trigger} `);
  for (const message of [
    "bookings/team-slack  Slack message  runs dry: SLACK_BOT_TOKEN not set",
    "  #bookings, in the booking's thread",
    "  tab Bookings, updates the row with Booking ",
    "  Status   text    PENDING",
    "  content-type: application/json",
    "  ./data/bookings.jsonl",
  ])
    expect(stdout).toContain(message);
});

test("a second relay on the same ledger is refused with a clear message", async () => {
  const folder = freshFolder();
  await startProgram({ cwd: folder, env: quiet });
  const { code, stderr } = await runProgram(["start"], { cwd: folder, env: quiet });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^cal-relay: another relay is running on .*relay\.db/m);
});

test("a port that is taken is said plainly", async () => {
  const relay = await startProgram({ cwd: freshFolder(), env: quiet });
  const port = new URL(relay.url).port;
  const { code, stderr } = await runProgram(["start"], { cwd: freshFolder(), env: { ...quiet, PORT: port } });
  expect([code, stderr]).toEqual([1, expect.stringContaining(`:${port} is taken`)]);
});

test("a missing configuration, a broken one and a wrong command line say what is wrong", async () => {
  const folder = tempFolder();
  const missing = await runProgram(["check"], { cwd: folder });
  expect([missing.code, missing.stderr]).toEqual([
    1,
    expect.stringContaining("relay.config.yaml: cannot be read (ENOENT)"),
  ]);
  const named = await runProgram(["demo", "--config", "mine.yaml"], { cwd: folder });
  expect([named.code, named.stderr]).toEqual([1, expect.stringContaining("mine.yaml: cannot be read (ENOENT)")]);
  writeFileSync(join(folder, "relay.config.yaml"), "sources: { cal: {} }\nrouts: []\n");
  const broken = await runProgram(["check"], { cwd: folder });
  expect(broken.code).toBe(1);
  expect(broken.stderr).toMatch(/^relay\.config\.yaml:2:1 {2}routs {2}.*did you mean routes/m);
  expect((await runProgram(["chek"], { cwd: folder })).code).toBe(2);
  expect((await runProgram(["retry"], { cwd: folder })).code).toBe(2);
});

test(
  "the record can be read and a sink paused, resumed and retried beside a running relay",
  { timeout: 60_000 },
  async () => {
    const folder = tempFolder();
    const receiver = await startStandIn(() => ({ status: 400, body: "not like this" }));
    writeFileSync(
      join(folder, "relay.config.yaml"),
      `server: { host: 127.0.0.1, port: 0 }
sources: { cal: { secret: e2e-secret } }
sinks: { hook: { type: webhook, url: "${receiver.url}", allowPrivateNetwork: true } }
routes: [{ name: all, on: "*", to: [{ sink: hook }] }]
`,
    );
    const command = (...args: string[]): ReturnType<typeof runProgram> => runProgram(args, { cwd: folder });
    const relay = await startProgram({ cwd: folder });
    const { body } = await relay.post('{"triggerEvent":"BOOKING_CREATED","payload":{"uid":"recordedBooking"}}');
    await vi.waitFor(
      async () => expect((await command("deliveries", "--state", "dead")).stdout).toContain("HTTP 400"),
      {
        timeout: 10_000,
      },
    );
    expect((await command("events")).stdout).toContain(String(body["event"]));
    expect((await command("events", "show", String(body["event"]))).stdout).toContain("matched");

    expect((await command("pause", "hook", "--reason", "maintenance")).code).toBe(0);
    expect((await command("retry", "--state", "dead")).stdout).toBe("1 delivery put back\n");
    expect((await command("sinks")).stdout).toMatch(/hook +webhook +held +1 .*maintenance/);
    await vi.waitFor(() => expect(relay.output()).toContain('"msg":"sink held by a person"'), { timeout: 10_000 });
    const before = receiver.requests.length;
    expect((await command("resume", "hook")).stdout).toBe("hook goes on\n");
    await vi.waitFor(() => expect(relay.output()).toContain('"msg":"sink no longer held by a person"'), {
      timeout: 10_000,
    });
    await vi.waitFor(() => expect(receiver.requests.length).toBe(before + 1), { timeout: 10_000 });
    expect((await command("pause", "hok")).stderr).toContain('no sink "hok"; did you mean hook?');
    await relay.end("SIGTERM");
    await receiver.close();
  },
);
