import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runFile } from "../../src/cli/test.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
// That of Discord names a plugin's file, which the real program loads: test/config/discord.test.ts.
const suites = globSync(["*.test.yaml", "config/recipes/*.test.yaml"], { cwd: root })
  .filter((file) => file !== "config/recipes/discord.test.yaml")
  .toSorted();

test("the configuration that comes with the relay has a suite", () => {
  expect(suites).toContain("relay.config.test.yaml");
});

test.for(suites)("%s passes", async (suite) => {
  const { problems, tests } = await runFile(`${root}${suite}`, { config: "no such file" });
  expect(problems).toEqual([]);
  expect(tests.length).toBeGreaterThan(0);
  expect(tests.filter(({ failures }) => failures.length > 0)).toEqual([]);
});
