import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

// Who may import whom, besides node: built-ins and its own folder. The first entry whose folder matches counts.
const table: readonly (readonly [folder: string, allowed: readonly string[]])[] = [
  [
    "src/sdk/testing/",
    ["src/sdk/", "src/delivery/guarded-fetch.ts", "src/delivery/serially.ts", "src/observe/mask.ts", "zod"],
  ],
  ["src/sdk/", ["zod"]],
  ["plugins/index.ts", ["cal-relay/sdk", "plugins/"]],
  ["plugins/slack/", ["cal-relay/sdk", "zod", "@slack/web-api"]],
  ["plugins/google-sheets/", ["cal-relay/sdk", "zod", "googleapis"]],
  ["plugins/notion/", ["cal-relay/sdk", "zod", "@notionhq/client", "@tryfabric/martian"]],
  ["src/event.ts", []],
  ["src/error.ts", []],
  ["src/event-id.ts", []],
  ["src/slots.ts", []],
  ["src/quiet.ts", []],
  ["src/cal/", ["src/event.ts", "zod"]],
  ["src/routing/", ["src/event.ts", "src/cal/", "src/sdk/suggest.ts", "sift"]],
  ["src/rendering/", ["src/event.ts", "src/error.ts", "src/cal/", "src/sdk/suggest.ts", "liquidjs"]],
  [
    "src/config/",
    [
      "src/event.ts",
      "src/error.ts",
      "src/cal/",
      "src/routing/",
      "src/rendering/",
      "src/sdk/",
      "src/ledger/address.ts",
      "src/ledger/rate.ts",
      "zod",
      "yaml",
    ],
  ],
  ["src/ledger/sqlite/", ["src/ledger/", "src/event.ts", "src/error.ts", "zod"]],
  ["src/ledger/postgres/", ["src/ledger/", "src/event.ts", "src/error.ts", "zod", "pg", "pg-boss"]],
  ["src/ledger/", ["src/event.ts", "src/error.ts", "zod"]],
  [
    "src/embedded/",
    [
      "src/accept.ts",
      "src/event.ts",
      "src/event-id.ts",
      "src/error.ts",
      "src/slots.ts",
      "src/quiet.ts",
      "src/routing/",
      "src/ledger/",
    ],
  ],
  [
    "src/accept.ts",
    ["src/event.ts", "src/error.ts", "src/cal/", "src/routing/", "src/ledger/ledger.ts", "src/ledger/arrival.ts"],
  ],
  [
    "src/delivery/",
    [
      "src/event.ts",
      "src/error.ts",
      "src/slots.ts",
      "src/rendering/",
      "src/sdk/",
      "src/ledger/ledger.ts",
      "src/ledger/rate.ts",
      "src/observe/",
      "undici",
      "ipaddr.js",
    ],
  ],
  [
    "src/suite/",
    [
      "src/event.ts",
      "src/accept.ts",
      "src/cal/",
      "src/config/",
      "src/routing/filter.ts",
      "src/delivery/message.ts",
      "src/delivery/recorded.ts",
      "src/ledger/",
      "src/sdk/suggest.ts",
      "zod",
    ],
  ],
  ["src/observe/", ["pino", "prom-client"]],
  [
    "src/ingest/",
    [
      "src/accept.ts",
      "src/error.ts",
      "src/ledger/ledger.ts",
      "src/ledger/errors.ts",
      "src/observe/",
      "koa",
      "@koa/router",
      "raw-body",
    ],
  ],
  ["src/init/", ["src/routing/match.ts"]],
  [
    "src/store.ts",
    ["src/accept.ts", "src/embedded/", "src/event.ts", "src/event-id.ts", "src/ledger/", "src/routing/"],
  ],
  ["src/app.ts", ["src/", "plugins/", "pino"]],
  ["src/cli/", ["src/", "plugins/", "commander", "yaml", "zod"]],
];

const files = sources("src").concat(sources("plugins"));

test("every file imports only what its folder may", () => {
  const offences = files.flatMap((file) => {
    const rule = table.find(([folder]) => file.startsWith(folder)) ?? pluginRule(file);
    if (rule === undefined) return [`${file}: in no folder of the table`];
    const [folder, allowed] = rule;
    return imports(file)
      .filter((target) => !target.startsWith("node:") && !target.startsWith(folder))
      .filter(
        (target) =>
          !allowed.some(
            (one) => target === one || (one.endsWith("/") ? target.startsWith(one) : target.startsWith(`${one}/`)),
          ),
      )
      .map((target) => `${file} imports ${target}`);
  });
  expect(offences).toEqual([]);
});

test("the composition root and the commands are imported by nobody else", () => {
  const offences = files
    .filter((file) => file !== "src/app.ts" && !file.startsWith("src/cli/"))
    .flatMap((file) => imports(file).map((target) => ({ file, target })))
    .filter(({ target }) => target === "src/app.ts" || target.startsWith("src/cli/"));
  expect(offences).toEqual([]);
});

test("no file is longer than 300 lines", () => {
  const long = files.concat(sources("test")).filter((file) => read(file).split("\n").length > 301);
  expect(long).toEqual([]);
});

test("only the commands read the process", () => {
  const offences = files.filter(
    (file) => !file.startsWith("src/cli/") && /\bprocess\.(env|exit|argv|on|stdout|stderr)\b/.test(read(file)),
  );
  expect(offences).toEqual([]);
});

/** A sink that has no vendor's SDK needs no row of its own. */
function pluginRule(file: string): (typeof table)[number] | undefined {
  const [folder] = /^plugins\/[^/]+\//.exec(file) ?? [];
  return folder === undefined ? undefined : [folder, ["cal-relay/sdk", "zod"]];
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** What a file imports, statically or not; relative targets from the repository's root. */
function imports(file: string): string[] {
  const found = read(file).matchAll(/(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"/g);
  return [...found].map(([, fixed, lazy]) => {
    const target = fixed ?? lazy ?? "";
    return target.startsWith(".") ? relative(root, join(root, file, "..", target)) : target;
  });
}
