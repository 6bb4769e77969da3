import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { builtInSinks } from "../plugins/index.ts";
import { loadConfig } from "../src/config/load.ts";
import { formatProblem } from "../src/config/problem.ts";
import { run } from "./suite/suites.ts";
import { runProgram } from "./support/program.ts";
import { tempFolder } from "./support/temp.ts";
import ntfy from "./sdk/example/ntfy.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "config/recipes/README.md",
  "src/sdk/README.md",
  "docs/scaling.md",
  ...readdirSync(join(root, "plugins"))
    .filter((name) => existsSync(join(root, "plugins", name, "README.md")))
    .map((name) => `plugins/${name}/README.md`),
];

// What the examples take from the environment.
const env = {
  CAL_WEBHOOK_SECRET: "an example secret",
  SLACK_BOT_TOKEN: "xoxb-example",
  NOTION_TOKEN: "ntn_example",
  GOOGLE_CREDENTIALS: "./google-key.json",
  CRM_WEBHOOK_URL: "https://hooks.example.com/in",
  CRM_SIGNING_SECRET: `whsec_${Buffer.alloc(32, "x").toString("base64")}`,
  CRM_TOKEN: "an example token",
};

describe.each(pages)("%s", (page) => {
  const text = readFileSync(join(root, page), "utf8");

  test("every YAML block loads as it stands", async () => {
    let whole: Record<string, unknown> = {};
    for (const [, block = ""] of text.matchAll(/```yaml\n([^]*?)```/g)) {
      const parsed: unknown = parse(block);
      // A list shows targets of the configuration above it.
      whole = Array.isArray(parsed)
        ? { ...whole, routes: [{ name: "example", on: "*", to: parsed }] }
        : { sources: { cal: {} }, ...(parsed as Record<string, unknown>) };
      expect(await problemsOf(stringify(whole))).toEqual([]);
    }
  });

  test("every link to a file leads somewhere", () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = ""]) => target);
    expect(links.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
  });
});

test("README's suite passes with the configuration above it", async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, config] = /```yaml\n([^]*?)```/.exec(readme) ?? [];
  const [, suite = ""] = /```yaml relay\.config\.test\.yaml\n([^]*?)```/.exec(readme) ?? [];
  const { problems, tests } = await run(suite, { "relay.yaml": config });
  expect(problems).toEqual([]);
  expect(tests.map(({ failures }) => failures)).toEqual([[], []]);
});

// "With four slips in the file", says README.
const slips = [
  ["payload.type: 60min", 'booking.minutes: "30"'],
  ['channel: "#sales"', 'channel: "#{{ booking.attendee.name }}"'],
  ["local: booking.organizer", "local: booking.organiser"],
  ['Status: "{{ booking.status }}"', 'Status: "{{ payload.cancelledBy }}"'],
] as const;

describe("README shows what the program prints of its small configuration", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, config = ""] = /```yaml\n([^]*?)```/.exec(readme) ?? [];
  const [, suite = ""] = /```yaml relay\.config\.test\.yaml\n([^]*?)```/.exec(readme) ?? [];
  const blocks = [...readme.matchAll(/^```\n\$ cal-relay (.+)\n([^]*?)^```/gm)];
  const examples = blocks.map(([, args = "", shown = ""]) => ({ args, shown: linesOf(shown) }));

  test("of five commands", () => {
    const names = examples.map(({ args }) => args.split(" ")[0]);
    expect(names).toEqual(["check", "fields", "explain", "preview", "test"]);
  });

  test.each(examples)("$args", async ({ args, shown }) => {
    const cwd = tempFolder();
    const edits = args === "check" ? slips : [];
    const edited = edits.reduce((text, [from, to]) => text.replace(from, to), config);
    writeFileSync(join(cwd, "relay.config.yaml"), edited);
    writeFileSync(join(cwd, "relay.config.test.yaml"), suite);
    writeFileSync(join(cwd, "google-key.json"), "{}");
    const { stdout, stderr } = await runProgram(args.split(" "), { cwd, env });
    const printed = linesOf(`${stdout}${stderr}`);
    expect(printed).toEqual(expect.arrayContaining(shown.filter((line) => line.trim() !== "…")));
    // Of problems none is left out.
    expect(printed.filter(isProblem)).toEqual(shown.filter(isProblem));
  });
});

function isProblem(line: string): boolean {
  return /^\S+:\d+:\d+ /.test(line);
}

/** How wide the columns are depends on the lines that are not shown. */
function linesOf(text: string): string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd().replace(/(?<=\S) {2,}/g, "  "));
}

test("README's two commands are the contract's", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  expect(readme).toMatch(/^npm ci && npm start\b/m);
  expect(readme).toMatch(/^npm ci && npm test\b/m);
});

test("README names every command there is", async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const program = readFileSync(join(root, "src/cli/program.ts"), "utf8");
  const [, list = ""] = /for \(const command of \[([^\]]+)\]/.exec(program) ?? [];
  const names = list.split(",").flatMap((name) => name.trim().replace(/Command$/, "") || []);
  const commands = names.map((name) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
  expect(commands.length).toBeGreaterThan(5);
  expect(commands.filter((name) => !new RegExp(`^\\|.*\`${name}\\b`, "m").test(readme))).toEqual([]);
});

async function problemsOf(text: string): Promise<string[]> {
  const { problems } = await loadConfig({
    file: "example.yaml",
    text,
    env,
    readFile: () => "./google-key.json",
    plugins: builtInSinks,
    // The only sink of one's own that a page names.
    loadPlugin: () => Promise.resolve(ntfy),
  });
  return problems.map(formatProblem);
}
