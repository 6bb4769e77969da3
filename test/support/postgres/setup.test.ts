import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { tempFolder } from "../temp.ts";
import { query } from "./query.ts";
import setup from "./setup.ts";

const note = z.object({ pid: z.number(), url: z.url() });
const vitest = fileURLToPath(new URL("../vitest.mjs", import.meta.resolve("vitest")));

test("gives each file a database of its own on one server, and leaves nothing behind", async () => {
  const temp = openFolder();
  const notes = tempFolder();
  const run = spawn(
    process.execPath,
    [vitest, "run", "--configLoader", "runner", "--config", fixture("vitest.config.ts")],
    {
      env: { ...process.env, TMPDIR: temp, NOTES: notes },
      stdio: "ignore",
    },
  );
  expect(await once(run, "exit")).toEqual([0, null]);

  const [first, second] = ["first", "second"].map((name) => note.parse(JSON.parse(read(notes, name))));
  expect(first?.pid).toBe(second?.pid);
  expect(first?.url).not.toBe(second?.url);
  await expect(query(first?.url ?? "", "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  expect(runs(temp)).toEqual([]);
}, 60_000);

test.each(["SIGINT", "SIGTERM"] as const)(
  "leaves nothing behind after %s",
  async (signal) => {
    const temp = openFolder();
    const run = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", fixture("interrupted.ts")], {
      env: { ...process.env, TMPDIR: temp },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [printed] = z.tuple([z.instanceof(Buffer)]).parse(await once(run.stdout, "data"));
    expect(await query(printed.toString(), "SELECT 1 AS n")).toEqual([{ n: 1 }]);

    run.kill(signal);
    await once(run, "exit");

    await expect(query(printed.toString(), "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(runs(temp)).toEqual([]);
  },
  60_000,
);

test("takes away what a killed run left a day ago, and nothing younger", () => {
  const temp = tempFolder();
  vi.stubEnv("TMPDIR", temp);
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const name of ["cal-relay-postgres-old", "cal-relay-postgres-young", "another-old"]) mkdirSync(join(temp, name));
  for (const name of ["cal-relay-postgres-old", "another-old"]) utimesSync(join(temp, name), 0, 0);

  const given: string[] = [];
  setup({ provide: (_key, folder) => given.push(folder) })();

  expect(readdirSync(temp).toSorted()).toEqual(["another-old", "cal-relay-postgres-young"]);
  expect(given).toHaveLength(1);
});

function fixture(name: string): string {
  return join(import.meta.dirname, "fixtures", name);
}

/** As root, another user has to get in. */
function openFolder(): string {
  const folder = tempFolder();
  chmodSync(folder, 0o755);
  return folder;
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

function runs(temp: string): string[] {
  return readdirSync(temp).filter((name) => name.startsWith("cal-relay-postgres-"));
}
