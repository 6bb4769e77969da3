import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { runProgram } from "../support/program.ts";
import { tempFolder } from "../support/temp.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

/** Runs a tool of the repository in a folder; rejects with what it printed where it is not content. */
function tool(cwd: string, script: string, ...args: string[]): Promise<{ readonly stdout: string }> {
  const env = { PATH: process.env["PATH"], HOME: cwd };
  return run(process.execPath, [join(root, "node_modules", script), ...args], { cwd, env });
}

const PLACEHOLDER = 'echo "Error: no test specified" && exit 1';

/** A folder with a package.json, in which the relay's package is installed. */
function project(packageJson: object): string {
  const folder = tempFolder();
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(packageJson, null, "\t")}\n`);
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/cal-relay"));
  for (const name of ["zod", "@types", "undici-types"])
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  return folder;
}

const strict = {
  compilerOptions: {
    strict: true,
    module: "nodenext",
    customConditions: ["cal-relay-source"],
    target: "es2024",
    lib: ["es2024", "esnext.disposable"],
    types: ["node"],
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
  },
  include: ["sinks"],
};

test("a new sink is ready: its test passes under node --test, its types fit, and the YAML is well", async () => {
  const folder = project({ name: "mine", type: "module", scripts: { test: PLACEHOLDER, start: "x" }, private: true });
  const made = await runProgram(["new", "sink", "on-call"], { cwd: folder });
  expect(made).toMatchObject({ code: 0, stderr: "" });
  expect(readdirSync(join(folder, "sinks"))).toEqual(["on-call.test.ts", "on-call.ts"]);
  expect(readFileSync(join(folder, "package.json"), "utf8")).toBe(
    '{\n\t"name": "mine",\n\t"type": "module",\n\t"scripts": {\n\t\t"test": "node --test",\n\t\t"start": "x"\n\t},\n\t"private": true\n}\n',
  );

  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(strict));
  const [, yaml = ""] = /^1\. Put this into relay\.config\.yaml\n([^]*?)^2\. /m.exec(made.stdout) ?? [];
  writeFileSync(join(folder, "relay.config.yaml"), yaml.replaceAll(/^ {3}/gm, ""));
  const tests = run(process.execPath, ["--conditions=cal-relay-source", "--test"], { cwd: folder, env: {} });
  const types = tool(folder, "typescript/bin/tsc");
  const check = await runProgram(["check"], { cwd: folder });
  expect(check).toMatchObject({
    code: 0,
    stderr: "",
    stdout: expect.stringContaining("on-call runs dry: ON_CALL_TOKEN"),
  });
  expect((await tests).stdout).toMatch(/^ℹ fail 0$/m);
  expect((await types).stdout).toBe("");
}, 60_000);

test("one that breaks a promise fails under node --test, and is told which", async () => {
  const folder = project({ name: "mine", type: "module" });
  await runProgram(["new", "sink", "on-call"], { cwd: folder });
  const file = join(folder, "sinks/on-call.ts");
  const code = readFileSync(file, "utf8");
  writeFileSync(file, code.replace("throw networkFailure(error) ?? error;", "throw error;"));
  const env = {};
  const failed = run(process.execPath, ["--conditions=cal-relay-source", "--test"], { cwd: folder, env });
  await expect(failed).rejects.toMatchObject({
    stdout: expect.stringContaining(
      "the connection is refused: expected Unavailable with ambiguous: false, for nothing was sent; the sink threw TypeError: fetch failed, which is none of the four failures",
    ),
  });
});

test("in a folder of CommonJS the files end in .mts, and a test script that is there stays", async () => {
  const folder = project({ name: "mine", type: "commonjs", scripts: { test: "jest" } });
  const made = await runProgram(["new", "sink", "on-call", "--json"], { cwd: folder });
  expect(JSON.parse(made.stdout)).toEqual({
    files: ["sinks/on-call.mts", "sinks/on-call.test.mts"],
    yaml: expect.stringContaining("plugins: [./sinks/on-call.mts]"),
    testScriptSet: false,
  });
  expect(readFileSync(join(folder, "package.json"), "utf8")).toContain('"jest"');
});

test("nothing is overwritten, and a built-in sink's name is refused", async () => {
  const folder = tempFolder();
  const again = async (name: string): Promise<unknown> => runProgram(["new", "sink", name], { cwd: folder });
  mkdirSync(join(folder, "sinks"));
  writeFileSync(join(folder, "sinks/on-call.test.ts"), "mine");
  expect(await again("on-call")).toMatchObject({
    code: 1,
    stderr:
      "cal-relay: nothing was written, since there is a sinks/on-call.test.ts already; choose another name, or move it away\n",
  });
  expect(readdirSync(join(folder, "sinks"))).toEqual(["on-call.test.ts"]);
  expect(await again("slack")).toMatchObject({ code: 1, stderr: expect.stringContaining("is a built-in sink") });
  expect(await again("On Call")).toMatchObject({ code: 2, stderr: expect.stringContaining("expected a name of a-z") });
});

test("in a checkout it writes a built-in sink that passes the format, the lint, the types and its test", async () => {
  const folder = tempFolder();
  for (const name of ["package.json", "vitest.config.ts", ".oxlintrc.json", ".prettierrc.json", "relay.config.yaml"])
    copyFileSync(join(root, name), join(folder, name));
  for (const name of ["src", "node_modules"]) symlinkSync(join(root, name), join(folder, name));
  for (const name of ["plugins", "test"]) mkdirSync(join(folder, name));
  symlinkSync(join(root, "test/support"), join(folder, "test/support"));
  copyFileSync(join(root, "plugins/index.ts"), join(folder, "plugins/index.ts"));
  const made = await runProgram(["new", "sink", "on-call", "--json"], { cwd: folder });
  const { files } = JSON.parse(made.stdout) as { files: string[] };
  expect(files).toEqual([
    "plugins/on-call/index.ts",
    "plugins/on-call/options.ts",
    "plugins/on-call/README.md",
    "test/plugins/on-call.test.ts",
  ]);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      include: ["plugins/on-call", "test/plugins/on-call.test.ts"],
    }),
  );
  const code = files.filter((file) => file.endsWith(".ts"));
  const results = await Promise.allSettled([
    tool(folder, "prettier/bin/prettier.cjs", "--check", ...files),
    tool(folder, "oxlint/bin/oxlint", "--type-aware", "--deny-warnings", ...code),
    tool(folder, "typescript/bin/tsc"),
    tool(folder, "vitest/vitest.mjs", "run", "test/plugins/on-call.test.ts"),
  ]);
  const complaints = results.flatMap((result) => (result.status === "rejected" ? [result.reason.stdout] : []));
  expect(complaints).toEqual([]);
}, 60_000);
