import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { isScalar, parseDocument, visit } from "yaml";
import { builtInSinks } from "../../plugins/index.ts";
import { TRIGGERS } from "../../src/cal/triggers.ts";
import { jsonSchema } from "../../src/config/json-schema.ts";
import discord from "../../config/recipes/discord.ts";
import ntfy from "../sdk/example/ntfy.ts";
import { openEditor } from "./editor.ts";
import { chat } from "./loading.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const editor = openEditor(jsonSchema(builtInSinks));
/** As `schema` makes it where the configuration names a plugin. */
const ofDiscord = openEditor(jsonSchema([...builtInSinks, discord]));

describe("an editor finds no mistake in", () => {
  const recipes = `${root}config/recipes`;
  const files = existsSync(recipes) ? readdirSync(recipes) : [];
  const configurations = files.filter((name) => name.endsWith(".yaml") && !name.endsWith(".test.yaml"));

  test.for(["relay.config.yaml", ...configurations.map((name) => `config/recipes/${name}`)])("%s", async (file) => {
    expect(await (file.endsWith("discord.yaml") ? ofDiscord : editor).mistakesIn(read(file))).toEqual([]);
  });

  test.for(["README.md", ...builtInSinks.map(({ type }) => `plugins/${type}/README.md`)])("%s", async (page) => {
    const blocks = [...read(page).matchAll(/```yaml\n([^]*?)```/g)].map(([, block = ""]) => block);
    expect(blocks).not.toEqual([]);
    for (const block of blocks) expect(await editor.mistakesIn(wholeOf(block))).toEqual([]);
  });
});

describe("an editor underlines, in a file that `check` refuses,", () => {
  const ofChat = openEditor(jsonSchema([chat]));

  test.for([
    [
      "unknown-keys",
      ["1:28", "1:40", "2:1", "4:10", "4:27", "6:37", "6:68", "6:80", "10:5", "11:10", "11:24", "11:69"],
    ],
    ["missing-keys", ["3:3", "4:3", "6:5", "7:10", "7:43", "8:5", "10:5"]],
    ["wrong-names", ["1:12", "3:3", "5:11"]],
    ["wrong-units", ["1:22", "1:43", "2:12", "4:27", "6:43", "7:43"]],
    ["wrong-filter", ["8:21", "12:13"]],
    ["wrong-triggers", ["6:26", "9:9", "12:9"]],
    ["other-database", ["1:10"]],
    ["wrong-types", ["1:17", "1:28", "3:10", "5:36", "6:10", "8:30", "8:71", "10:11", "12:9", "13:12", "14:5"]],
    ["wrong-messages", ["9:18", "10:15", "11:19", "12:17", "14:19", "16:13", "17:70"]],
    ["duplicate-key", ["3:3", "5:1"]],
    ["unknown-references", ["3:22", "4:18"]],
    ["routes-as-a-mapping", ["1:10", "2:8", "3:9"]],
    ["optional-sink-with-mistakes", ["3:64", "3:112", "7:75"]],
  ] as const)("%s", async ([name, places]) => {
    const mistakes = await ofChat.mistakesIn(read(`test/config/fixtures/${name}.config`));
    expect(mistakes.map((mistake) => mistake.split(" ", 1).join())).toEqual(expect.arrayContaining([...places]));
  });
});

describe("an editor offers", () => {
  const inRoute = (rest: string): string => `routes:\n  - name: one\n    ${rest}`;

  test.for([
    ["the sections of the file", "▮\nsources: { cal: {} }\n", ["server", "storage", "sinks", "routes"]],
    ["the types of sinks", "sinks:\n  team:\n    type: ▮\n", builtInSinks.map(({ type }) => type)],
    [
      "the keys of a sink",
      "sinks:\n  team:\n    type: slack\n    ▮\n",
      ["token", "apiUrl", "optional", "rate", "retry"],
    ],
    ["the keys of a route", inRoute("▮\n"), ["on", "from", "filter", "to", "final"]],
    ["the triggers", inRoute("on: ▮\n"), [...TRIGGERS, "BOOKING_*"]],
    ["the triggers in a list", inRoute("on:\n      - ▮\n"), [...TRIGGERS, "BOOKING_*"]],
    ["what combines filters", inRoute("filter:\n      ▮\n"), ["$and", "$or", "$nor", "$not"]],
    ["operators", inRoute("filter:\n      booking.minutes:\n        ▮\n"), ["$in", "$gte", "$exists", "$regex"]],
    [
      "the keys of a target",
      inRoute("to:\n      - sink: team\n        ▮\n"),
      ["channel", "text", "blocks", "onUpdate"],
    ],
    ["the values of a key", inRoute("to:\n      - sink: team\n        onUpdate: ▮\n"), ["new", "thread", "edit"]],
  ] as const)("%s", async ([_what, text, expected]) => {
    expect(await editor.offeredIn(text)).toEqual(expect.arrayContaining([...expected]));
  });
});

describe("an editor tells", () => {
  const text = read("relay.config.yaml");

  test.for(keysIn(text))("what $path is", async ({ offset }) => {
    expect(meaning(await editor.told(text, offset))).not.toBe("");
  });

  test("what an operator of a filter means", async () => {
    const filter = 'routes:\n  - name: one\n    on: "*"\n    filter: { booking.minutes: { $gte: 30 } }\n    to: []\n';
    expect(meaning(await editor.told(filter, filter.indexOf("$gte")))).toContain("as great or greater");
  });
});

test("an editor knows a sink of one's own", async () => {
  const own = openEditor(jsonSchema([...builtInSinks, ntfy]));
  const file = (sink: string): string =>
    `sources: { cal: {} }\nsinks:\n  mine:\n    type: ntfy\n    ${sink}\nroutes:\n  - name: one\n    on: "*"\n    to:\n      - sink: mine\n        text: hello\n`;
  const text = file("topic: bookings");
  expect(await own.mistakesIn(text)).toEqual([]);
  expect(await own.offeredIn(file("▮"))).toContain("topic");
  expect(await own.mistakesIn(file("topic: bookings\n    tokn: x"))).toEqual(["6:5 Property tokn is not allowed."]);
  expect(meaning(await own.told(text, text.indexOf("topic")))).not.toBe("");
});

test("every key of the schema is described", () => {
  expect(undescribed(jsonSchema(builtInSinks), "")).toEqual([]);
});

/** Every key of a file but those that its author makes up: of a structure that is sent or written as it is. */
function keysIn(text: string): { path: string; offset: number }[] {
  const keys: { path: string; offset: number }[] = [];
  visit(parseDocument(text), {
    Pair(_, { key }) {
      if (!isScalar(key) || !key.range) return undefined;
      const name = String(key.value);
      keys.push({ path: `${name}, at ${key.range[0]},`, offset: key.range[0] });
      return name === "body" || name === "line" ? visit.SKIP : undefined;
    },
  });
  return keys;
}

/** Without the schema's title and address. */
function meaning(told: string): string {
  return told.replaceAll(/^(#### .*|Source: .*|[|\s]*)$/gm, "").trim();
}

/** Keys without a description, but for those that only help completion or only tell alternatives apart. */
function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, inner]: [string, unknown]) => {
    if (keyword === "if") return [];
    if (keyword !== "properties" || Array.isArray(schema)) return undescribed(inner, `${path}/${keyword}`);
    return Object.entries(inner as object).flatMap(([key, one]: [string, object]) => {
      const isBare = Object.keys(one).length > 0 && !("description" in one);
      return [...(isBare ? [`${path}/${key}`] : []), ...undescribed(one, `${path}/${key}`)];
    });
  });
}

/** A page shows targets of a route, or sinks and routes. */
function wholeOf(block: string): string {
  if (!block.startsWith("- "))
    return block.includes("\nsources:") || block.startsWith("sources:") ? block : `sources: { cal: {} }\n${block}`;
  return `sources: { cal: {} }\nroutes:\n  - name: example\n    on: "*"\n    to:\n${block.replaceAll(/^(?=.)/gm, "      ")}`;
}

function read(file: string): string {
  return readFileSync(`${root}${file}`, "utf8");
}
