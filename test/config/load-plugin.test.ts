import { execFile } from "node:child_process";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProgram } from "../support/program.ts";

// A process of its own, since the test runner has a module loader of its own.
const run = promisify(execFile);
const loader = new URL("../../src/config/load-plugin.ts", import.meta.url).href;
const sdk = new URL("../../src/sdk/index.ts", import.meta.url).href;

const plugin = (type: string): string => `
import { defineSink, Rejected } from "cal-relay/sdk";
import { z } from "zod";

const type: string = ${JSON.stringify(type)};

export default defineSink({
  type,
  title: "A sink far from home",
  connection: z.strictObject({ url: z.url() }),
  message: z.strictObject({ text: z.string() }),
  secrets: ["url"],
  async open() {
    return { async deliver() { throw new Rejected("never"); } };
  },
});
`;

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cal-relay-plugin-"));
  await write("sinks/far.ts", plugin("far"));
  await write(
    "node_modules/@acme/relay-crm/package.json",
    '{ "name": "@acme/relay-crm", "type": "module", "exports": { "import": "./index.js" } }',
  );
  await write("node_modules/@acme/relay-crm/index.js", plugin("crm").replace(": string", ""));
});

afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, content: string): Promise<void> {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** What a script prints that has `load`, a plugin loader for the folder. */
async function printed(script: string): Promise<unknown> {
  const source = `
    const { createPluginLoader } = await import(${JSON.stringify(loader)});
    const load = createPluginLoader(${JSON.stringify(folder)});
    const print = (value) => console.log(JSON.stringify(value));
    ${script}
  `;
  const flags = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", source];
  const { stdout, stderr } = await run(process.execPath, flags, { cwd: tmpdir() });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

test("a plugin far from the relay imports its SDK and zod", async () => {
  const type = await printed(`const { type } = await load("./sinks/far.ts"); print(type);`);
  expect(type).toBe("far");
});

test("its failures are the relay's own", async () => {
  const isOurs = await printed(`
    const { Rejected } = await import(${JSON.stringify(sdk)});
    const sink = await (await load("./sinks/far.ts")).open();
    print(await sink.deliver().catch((error) => error instanceof Rejected));
  `);
  expect(isOurs).toBe(true);
});

test.for(['{ "type": "commonjs" }', "{}"])(
  "a file is the module it is beside a package.json of %s",
  async (manifest) => {
    await write("npm-init/package.json", manifest);
    await write("npm-init/helper.js", `export const type = "helped";`);
    await write("npm-init/modern.js", `import { type } from "./helper.js";\n${plugin("").replace(/const type.*/, "")}`);
    await write("npm-init/typed.ts", plugin("typed"));
    const old = plugin("old")
      .replace(/^import (.*) from (.*);$/gm, "const $1 = require($2);")
      .replace("export default", "module.exports =");
    await write("npm-init/old.js", old.replace(": string", ""));
    const types = await printed(`
    const plugins = [await load("./npm-init/modern.js"), await load("./npm-init/typed.ts"), await load("./npm-init/old.js")];
    print(plugins.map(({ type }) => type));
  `);
    expect(types).toEqual(["helped", "typed", "old"]);
  },
);

test("a package is found from the configuration's folder", async () => {
  expect(await printed(`const { type } = await load("@acme/relay-crm"); print(type);`)).toBe("crm");
});

test("a file that has changed is loaded anew", async () => {
  await write("changing.ts", plugin("before"));
  const types = await printed(`
    const { writeFileSync, utimesSync } = await import("node:fs");
    const file = ${JSON.stringify(join(folder, "changing.ts"))};
    const before = await load("./changing.ts");
    writeFileSync(file, ${JSON.stringify(plugin("after"))});
    utimesSync(file, 1, 1);
    print([before.type, (await load("./changing.ts")).type]);
  `);
  expect(types).toEqual(["before", "after"]);
});

const refusals: Readonly<
  Record<string, { readonly files: Readonly<Record<string, string>>; readonly reason: string }>
> = {
  "./missing.ts": { files: {}, reason: "there is no such file (looked from FOLDER)" },
  "@acme/missing": {
    files: {},
    reason: "there is no such package; npm install @acme/missing (looked from FOLDER)",
  },
  "./sinks": { files: {}, reason: "it is a folder; name the file in it" },
  "./notes.yaml": { files: { "notes.yaml": "a: 1" }, reason: "expected a file that ends in .ts or .js" },
  "./no-default.js": {
    files: { "no-default.js": "export const nothing = 1;" },
    reason: "it has no default export; write `export default defineSink({ … })`",
  },
  "./wrong.js": {
    files: { "wrong.js": "export default { type: 'wrong', secrets: [] };" },
    reason:
      "title: expected text; connection: expected a zod 4 schema; message: expected a zod 4 schema; open: expected a function",
  },
  "./bad-syntax.ts": {
    files: { "bad-syntax.ts": "export default {\n  type: 'a'\n  title: 'b',\n};\n" },
    reason: "loading it failed at bad-syntax.ts:3:3: SyntaxError: Expected ',', got 'ident'",
  },
  "./bad-syntax.js": {
    files: { "bad-syntax.js": "export default {\n  type: 'a'\n  title: 'b',\n};\n" },
    reason: "loading it failed at bad-syntax.js:3:3: SyntaxError: Unexpected identifier 'title'",
  },
  "./imports-bad-syntax.ts": {
    files: { "imports-bad-syntax.ts": 'import "./bad-syntax.ts";\n' },
    reason: "loading it failed at bad-syntax.ts:3:3: SyntaxError: Expected ',', got 'ident'",
  },
  "./enum.ts": {
    files: { "enum.ts": "const one = 1;\nexport enum Kind { A }\n" },
    reason:
      "TypeScript enum is not supported in strip-only mode at enum.ts:2:8: types are only taken out, so write it without (a union instead of an enum, a field instead of a parameter property)",
  },
  "./throws.ts": {
    files: {
      "throws.ts":
        'import { mustBe } from "./must-be.ts";\n\nconst port: number = 0;\nmustBe(port > 0, "a port\\nsecond line");\n',
      "must-be.ts":
        "export function mustBe(is: boolean, what: string): void {\n  if (!is) throw new TypeError(what);\n}\n",
    },
    reason: "it throws at throws.ts:4:1 while it is loaded: TypeError: a port",
  },
  "./throws-text.js": {
    files: { "throws-text.js": "throw 'no';" },
    reason: "it throws something that is no Error while it is loaded",
  },
  "./imports-package.ts": {
    files: { "imports-package.ts": 'import "@acme/client";\n' },
    reason: 'imports-package.ts imports the package "@acme/client", which is not installed; npm install @acme/client',
  },
  "./imports-file.ts": {
    files: { "imports-file.ts": 'import "./sinks/far";\n' },
    reason:
      "imports-file.ts imports sinks/far, and there is no such file; an import names the whole file, such as ./lib.ts",
  },
  "./misspelt.ts": {
    files: { "misspelt.ts": 'import { Rejcted } from "cal-relay/sdk";\nexport default Rejcted;\n' },
    reason:
      "loading it failed at misspelt.ts:1:10: SyntaxError: The requested module 'cal-relay/sdk' does not provide an export named 'Rejcted'; did you mean Rejected?",
  },
  "./type-as-value.ts": {
    files: { "type-as-value.ts": 'import { SinkDelivery } from "cal-relay/sdk";\nexport type One = SinkDelivery;\n' },
    reason:
      "loading it failed at type-as-value.ts:1:10: SyntaxError: The requested module 'cal-relay/sdk' does not provide an export named 'SinkDelivery'; if SinkDelivery is a type, write `import { type SinkDelivery }`",
  },
  "@acme/typed": {
    files: {
      "node_modules/@acme/typed/package.json": '{ "name": "@acme/typed", "type": "module", "exports": "./index.ts" }',
      "node_modules/@acme/typed/index.ts": "export default 1 as number;",
    },
    reason: "Node.js runs no TypeScript below node_modules: the package @acme/typed has to bring compiled JavaScript",
  },
};

test("what cannot be loaded is refused, saying why and where", async () => {
  for (const { files } of Object.values(refusals))
    for (const [name, content] of Object.entries(files)) await write(name, content);
  const told = await printed(`
    const told = {};
    for (const specifier of ${JSON.stringify(Object.keys(refusals))})
      told[specifier] = await load(specifier).then(() => "loaded", ({ code, message }) => code + ": " + message);
    print(told);
  `);
  const expected = Object.entries(refusals).map(([specifier, { reason }]) => [
    specifier,
    `plugin_unusable: the plugin ${specifier} cannot be used: ${reason.replace("FOLDER", folder)}`,
  ]);
  expect(told).toEqual(Object.fromEntries(expected));
});

test("a relay with a plugin that cannot be used does not start", async () => {
  await write("throws.ts", "throw new Error('no port');");
  const config = "plugins: [./throws.ts]\nsources: { cal: {} }\nsinks: { own: { type: own } }\n";
  await write("relay.config.yaml", `${config}routes: [{ name: all, on: "*", to: [{ sink: own }] }]\n`);
  expect(await runProgram(["start"], { cwd: folder })).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "relay.config.yaml:1:11  plugins[0]  the plugin ./throws.ts cannot be used: it throws at throws.ts:1:7 while it is loaded: Error: no port\n",
  });
});
