import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { sample } from "../../src/cal/samples.ts";
import { runProgram, startProgram, type Finished } from "../support/program.ts";
import { startStandIn } from "../../src/sdk/testing/stand-in.ts";
import { install, manifestOf, pack } from "./install.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "cal-relay-package-"));
// Where somebody ran `npm init -y && npm install cal-relay`.
const folder = join(scratch, "empty");
const home = join(folder, "node_modules/cal-relay");
const program = [join(folder, "node_modules/.bin/cal-relay")];
const env = { PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter), PORT: "0" };
let tarball = "";

const typed = `import { defineSink, httpFailure, networkFailure, type SinkDelivery } from "cal-relay/sdk";
import { z } from "zod";

export default defineSink({
  type: "typed",
  title: "A line of text",
  connection: z.strictObject({ url: z.url() }),
  message: z.strictObject({ line: z.string() }),
  secrets: ["url"],
  async open({ url }) {
    return {
      async deliver({ line }, { id, fetch }: SinkDelivery) {
        const response = await fetch(url, { method: "POST", body: line, allowPrivateNetwork: true }).catch((error) => {
          throw networkFailure(error) ?? error;
        });
        if (!response.ok) throw httpFailure(response.status);
        return { id };
      },
    };
  },
});
`;
const plain = typed.replace(", type SinkDelivery", "").replace(": SinkDelivery", "").replace('"typed"', '"plain"');

const config = `server: { host: 127.0.0.1, port: 0 }
plugins: [./typed.ts, ./plain.js]
sources: { cal: { secret: e2e-secret } }
sinks:
  one: { type: typed, url: "\${LINES_URL:-http://127.0.0.1:9}" }
  other: { type: plain, url: "\${LINES_URL:-http://127.0.0.1:9}" }
routes:
  - name: everything
    on: "*"
    to:
      - { sink: one, line: "typed: {{ booking.status }}" }
      - { sink: other, line: "plain: {{ booking.status }}" }
`;

beforeAll(async () => {
  tarball = await pack(scratch);
  await install(tarball, folder);
  // As npm writes it.
  writeFileSync(join(folder, "package.json"), '{ "name": "empty", "version": "1.0.0", "type": "commonjs" }');
  writeFileSync(join(folder, "relay.config.yaml"), config);
  writeFileSync(join(folder, "typed.ts"), typed);
  writeFileSync(join(folder, "plain.js"), plain);
}, 120_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function command(...args: string[]): Promise<Finished> {
  return runProgram(args, { cwd: folder, env, program });
}

test("the package is small and holds what runs, with nothing of its tests or of where it was made", () => {
  const files = filesOf(home);
  expect(files).toContain("dist/src/cal/samples/BOOKING_CREATED.json");
  expect(files).toContain("config/relay.schema.json");
  // Recipes are there to be copied, their plugins too.
  const sources = files.filter((file) => /(?<!\.d)\.ts$/.test(file) && !file.startsWith("config/recipes/"));
  expect(sources).toEqual([]);
  expect(files.filter((file) => /^(test|bench)\/|\.test\.[jt]s$|fixture|tsconfig|\.map$/.test(file))).toEqual([]);
  const places = [root, scratch];
  const text = (file: string): string => readFileSync(join(home, file), "utf8");
  expect(files.filter((file) => places.some((place) => text(file).includes(place)))).toEqual([]);
  expect(statSync(tarball).size).toBeLessThan(400_000);
});

test("everything that it exports is there, for the program and for its author's compiler", () => {
  const exported = [...JSON.stringify(manifestOf(home).exports).matchAll(/"\.\/(dist\/[^"]+)"/g)].map(
    ([, file = ""]) => file,
  );
  expect(exported).toEqual(expect.arrayContaining(["dist/src/sdk/index.js", "dist/src/sdk/index.d.ts"]));
  expect(exported.filter((file) => !existsSync(join(home, file)))).toEqual([]);
});

test("installed in an empty folder, check knows the plugins beside the configuration", async () => {
  const { code, stdout, stderr } = await command("check");
  expect([code, stdout, stderr]).toEqual([0, "relay.config.yaml: well; 1 source, 1 route, 2 sinks\n", ""]);
});

test("schema knows them too", async () => {
  const { code, stdout } = await command("schema");
  expect(code).toBe(0);
  expect(stdout).toContain('"typed"');
  expect(stdout).toContain('"plain"');
});

test("explain and preview show what comes of a bundled sample", async () => {
  const explained = await command("explain", "BOOKING_CREATED");
  expect([explained.code, explained.stdout]).toEqual([0, expect.stringContaining("matched → one, other")]);
  const previewed = await command("preview", "BOOKING_CREATED");
  expect([previewed.code, previewed.stdout]).toEqual([0, expect.stringContaining("plain: ACCEPTED")]);
});

test("init in an empty folder leaves a configuration that is well, and a suite that passes", async () => {
  const cwd = join(scratch, "fresh");
  mkdirSync(cwd);
  const there = (...args: string[]): Promise<Finished> => runProgram(args, { cwd, env, program });
  expect(await there("init", "--yes")).toMatchObject({ code: 0, stderr: "" });
  expect(await there("check")).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("well") });
  expect(await there("test")).toMatchObject({ code: 0, stdout: expect.stringContaining("all well") });
});

test("a new sink passes its test under Node's own runner, and check knows it", async () => {
  const made = await command("new", "sink", "beacon");
  expect([made.code, made.stderr]).toEqual([0, ""]);
  const [file = ""] = readdirSync(join(folder, "sinks")).filter((name) => /^beacon\.m?ts$/.test(name));
  const suite = join("sinks", file.replace(/\.(m?ts)$/, ".test.$1"));
  const tested = await run(process.execPath, ["--test", suite], { cwd: folder });
  expect(tested.stdout).toMatch(/fail 0/);
  writeFileSync(join(folder, "beacon.yaml"), `plugins: [./sinks/${file}]\nsources: { cal: {} }\n`);
  expect(await command("check", "--config", "beacon.yaml")).toMatchObject({ code: 0 });
}, 60_000);

test("every link of its pages leads to a file of its own", () => {
  const pages = filesOf(home).filter((file) => file.endsWith(".md") && !file.includes("node_modules"));
  const lost = pages.flatMap((page) => {
    const links = [...readFileSync(join(home, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)];
    return links.filter(([, to = ""]) => !existsSync(join(home, dirname(page), to))).map(([, to]) => `${page} → ${to}`);
  });
  expect(pages).toContain("README.md");
  expect(lost).toEqual([]);
});

test("start delivers a signed webhook through both, and ends at SIGTERM", async () => {
  const receiver = await startStandIn(() => ({ status: 200, body: "" }));
  onTestFinished(() => receiver.close());
  const relay = await startProgram({ cwd: folder, env: { ...env, LINES_URL: receiver.url }, program });
  expect((await relay.post(sample("BOOKING_CREATED"))).status).toBe(202);
  await vi.waitFor(() => expect(receiver.requests.length).toBe(2));
  expect(receiver.requests.map(({ body }) => body).toSorted()).toEqual(["plain: ACCEPTED", "typed: ACCEPTED"]);
  const { code, stderr } = await relay.end("SIGTERM");
  expect([code, stderr]).toEqual([0, ""]);
});

test(
  "demo in a folder without a configuration shows the one that comes with it, and leaves nothing there",
  {
    timeout: 60_000,
  },
  async () => {
    const cwd = join(scratch, "demo");
    mkdirSync(cwd);
    const tokens = { SLACK_BOT_TOKEN: "xoxb-of-this-machine", WEBHOOK_URL: "http://127.0.0.1:9" };
    const { code, stdout, stderr } = await runProgram(["demo", "--exit"], { cwd, env: { ...env, ...tokens }, program });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^cal-relay: no relay\.config\.yaml here; this is the one that comes with Cal Relay.*init.*\n$/,
    );
    // Nobody asked for samples in a channel of theirs.
    expect(stdout).toMatch(/team-slack +Slack message +runs dry: SLACK_BOT_TOKEN not set/);
    expect(stdout).toMatch(/archive +delivered/);
    expect(readdirSync(cwd)).toEqual([]);
  },
);

test.for([
  ["the libraries TypeScript takes by itself", {}],
  ["Node's types", { lib: ["es2024"], types: ["node"] }],
] as const)("an author's sink has its types, with %s", { timeout: 60_000 }, async ([, libraries]) => {
  const strict = { module: "nodenext", target: "es2024", strict: true, skipLibCheck: false, noEmit: true };
  const compilerOptions = { ...strict, typeRoots: [join(root, "node_modules/@types")], ...libraries };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["typed.ts"] }));
  const told = await run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]).then(
    () => "",
    (error: { readonly stdout?: string }) => error.stdout,
  );
  expect(told).toBe("");
});

test("an older Node says which one is needed and how to come by it", async () => {
  const older = "Object.defineProperty(process.versions, 'node', { value: '20.20.2' })";
  const main = join(home, "dist/src/cli/main.js");
  const { code, stderr } = await runProgram(["check"], {
    cwd: folder,
    program: [process.execPath, `--import=data:text/javascript,${encodeURIComponent(older)}`, main],
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^Cal Relay needs Node\.js 24 or later; this is 20\.20\.2\. .*npm install node@24 cal-relay\n$/,
  );
  // What is imported before anything runs may be missing there.
  expect(readFileSync(main, "utf8")).not.toMatch(/^import\b/m);
});

function filesOf(place: string): string[] {
  return readdirSync(place, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(place, name)).isFile(),
  );
}
