import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { tempFolder } from "../temp.ts";
import { removeServer } from "./remove.ts";
import { startPostgres } from "./server.ts";

test("keeps what was committed through kill -9, and is gone with its folder", async () => {
  const folder = spacedFolder();
  const server = await startPostgres({ folder, durable: true });
  const { port } = server;
  const killed = server.pid();
  await server.query("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)");

  await server.restart("kill");

  expect(server.pid()).not.toBe(killed);
  expect(server.port).toBe(port);
  expect(await server.query("SELECT n FROM kept")).toEqual([{ n: 1 }]);
  // It is a child of this process, which cannot collect it meanwhile: an orphan that nobody collects looks the same.
  removeServer(folder);
  expect(existsSync(folder)).toBe(false);
  await server.stop();
  await expect(server.query("SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
}, 60_000);

test("says which program it could not run, and where", async () => {
  vi.stubEnv("CAL_RELAY_TEST_POSTGRES_BIN", "/no/such/folder");
  onTestFinished(() => void vi.unstubAllEnvs());
  const folder = spacedFolder();
  await expect(startPostgres({ folder })).rejects.toThrow(`initdb failed in ${folder}: spawnSync /no/such/folder`);
});

function spacedFolder(): string {
  const above = tempFolder();
  // As root, another user has to get through.
  chmodSync(above, 0o755);
  const folder = join(above, "a folder with spaces");
  mkdirSync(folder);
  return folder;
}
