import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
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
