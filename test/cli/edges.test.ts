import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { freePort } from "../support/free-port.ts";
import { runProgram, startProgram } from "../support/program.ts";
import { tempFolder } from "../support/temp.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

function freshFolder(): string {
  const folder = tempFolder();
  cpSync(join(root, "relay.config.yaml"), join(folder, "relay.config.yaml"));
  return folder;
}

test("whoever stops reading the output sees no stack trace", async () => {
  const child = spawn(process.execPath, [join(root, "src/cli/main.ts"), "check"], {
    cwd: freshFolder(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  expect([code, stderr]).toEqual([0, ""]);
});

test("a .env that cannot be read is said plainly", async () => {
  const folder = freshFolder();
  mkdirSync(join(folder, ".env"));
  const { code, stderr } = await runProgram(["check"], { cwd: folder });
  expect([code, stderr]).toEqual([1, "cal-relay: .env: cannot be read; it has to be a file that this user may read\n"]);
});

test("a sample sent twice is said to have been taken before", async () => {
  const folder = freshFolder();
  const relay = await startProgram({ cwd: folder, env: { PORT: "0", CAL_WEBHOOK_SECRET: "e2e-secret" } });
  const args = ["send", "BOOKING_CREATED", "--url", `${relay.url}/hooks/cal`, "--secret", "e2e-secret"];
  expect((await runProgram(args, { cwd: folder })).stderr).toBe("");
  expect((await runProgram(args, { cwd: folder })).stderr).toContain("taken before");
  await relay.end("SIGTERM");
});

test("a relay whose log cannot be written goes on relaying", async () => {
  const folder = freshFolder();
  const full = openSync("/dev/full", "w");
  const port = await freePort();
  const env = { PATH: process.env["PATH"], HOME: folder, PORT: String(port), CAL_WEBHOOK_SECRET: "e2e-secret" };
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(root, "src/cli/main.ts"), "start"],
    {
      cwd: folder,
      env,
      stdio: ["ignore", full, "pipe"],
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}/hooks/cal`;
  const args = ["send", "BOOKING_CREATED", "--url", url, "--secret", "e2e-secret"];
  await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200), {
    timeout: 10_000,
  });
  expect((await runProgram(args, { cwd: folder })).stdout).toContain("202");
  await vi.waitFor(() =>
    expect(readFileSync(join(folder, "data/bookings.jsonl"), "utf8")).toContain("BOOKING_CREATED"),
  );
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
});

test("common options may stand before the command", async () => {
  const folder = freshFolder();
  renameSync(join(folder, "relay.config.yaml"), join(folder, "other.yaml"));
  const { code, stdout } = await runProgram(["--config", "other.yaml", "--json", "check"], { cwd: folder });
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { problems: [] }]);
});

test("a command in a folder without a ledger says so and makes none", async () => {
  const folder = freshFolder();
  const { code, stderr } = await runProgram(["events"], { cwd: folder });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^cal-relay: no ledger at .*relay\.db; start the relay first/m);
  expect(existsSync(join(folder, "data"))).toBe(false);
});
