import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { builtInSinks } from "../../plugins/index.ts";

test("lists the built-in sinks, each under its own type", () => {
  expect(builtInSinks.map(({ type }) => type)).toEqual(["slack", "google-sheets", "notion", "webhook", "file"]);
});

test("loads no vendor's SDK before a sink is opened", async () => {
  const script = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    await import("./plugins/index.ts");
    console.log(JSON.stringify(loaded));`;
  const flags = ["--conditions=cal-relay-source", "--input-type=module"];
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, "-e", script], { cwd });
  const packages = [...stdout.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].map(([, name]) => name);
  expect(stdout).toContain("plugins/slack/index.ts");
  expect([...new Set(packages)]).toEqual(["zod"]);
});
