import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { builtInSinks } from "../../plugins/index.ts";
import { checkPlugin } from "../../src/config/check-plugin.ts";
import { loadConfig } from "../../src/config/load.ts";
import { formatProblem } from "../../src/config/problem.ts";

const folder = fileURLToPath(new URL("../../config/recipes", import.meta.url));
const files = readdirSync(folder);
const recipes = files.filter((name) => name.endsWith(".yaml") && !name.endsWith(".test.yaml"));

test("there are recipes", () => {
  expect(recipes.length).toBeGreaterThanOrEqual(13);
});

// Its suite tests it with the variables set.
test.each(recipes)("%s has no problem as it stands, with no variable set", async (file) => {
  const { config, problems } = await loadConfig({
    file,
    text: read(file),
    env: {},
    readFile: () => {
      throw new Error("a recipe reads no file");
    },
    plugins: builtInSinks,
    // Without createPluginLoader's query behind the file's name, which the test runner cannot transform.
    loadPlugin: async (specifier) => {
      const url = new URL(specifier, `${pathToFileURL(folder).href}/`);
      const loaded = (await import(url.href)) as { readonly default?: unknown };
      return checkPlugin(loaded.default, specifier);
    },
  });
  expect(problems.map(formatProblem)).toEqual([]);
  expect(config).not.toBeNull();
});

test.each(recipes)("%s has a suite beside it and a line in the README", (file) => {
  expect(files).toContain(file.replace(".yaml", ".test.yaml"));
  expect(read("README.md")).toContain(`](${file})`);
});

test.each(recipes)("%s says first what it does, which schema it has and every variable it takes", (file) => {
  const text = read(file);
  const comment = text.slice(0, text.search(/^[a-z]/m));
  expect(comment).toMatch(/^# yaml-language-server: \$schema=\.\.\/relay\.schema\.json\n#\n# \S/);
  const variables = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = ""]) => name);
  expect(variables.filter((name) => !comment.includes(name))).toEqual([]);
});

test("every suite belongs to a recipe", () => {
  const suites = files.filter((name) => name.endsWith(".test.yaml"));
  expect(suites.filter((name) => !files.includes(name.replace(".test.yaml", ".yaml")))).toEqual([]);
});

function read(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}
