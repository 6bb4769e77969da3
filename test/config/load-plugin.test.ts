import { execFile } from "node:child_process";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

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
  await write("broken.ts", "export default {");
  await write("empty.js", "export const nothing = 1;");
  await write("wrong.js", "export default { type: 'wrong' };");
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

const message = (specifier: string): Promise<unknown> =>
  printed(`await load(${JSON.stringify(specifier)}).then(print, (error) => print(error.code + ": " + error.message));`);

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

test.for([
  ["./missing.ts", "there is no such file"],
  ["@acme/missing", "Cannot find package '@acme/missing'"],
  ["./broken.ts", "loading it failed: SyntaxError"],
  ["./empty.js", "it has no default export"],
  ["./wrong.js", "title: expected text; connection: expected a zod 4 schema"],
] as const)("%s is refused, saying why", async ([specifier, reason]) => {
  const text = await message(specifier);
  expect(text).toContain(`plugin_unusable: the plugin ${specifier} cannot be used: `);
  expect(text).toContain(reason);
});
