import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { problemsOf } from "./loading.ts";

const folder = fileURLToPath(new URL("fixtures/", import.meta.url));
const fixtures = readdirSync(folder).filter((name) => name.endsWith(".config"));

// Variables that are set while the fixtures load. None of these values may show in a problem.
const env = {
  CHAT_TOKEN: "tok-canary-secret",
  WRONG_TOKEN: "canary-without-its-prefix",
  WRONG_PORT: "canary-port",
  WRONG_TEMPLATE: "canary {{ booking.title | nosuchfilter }}",
  EMPTY: "",
};

describe("a configuration with this mistake is refused with these problems:", () => {
  test.for(fixtures)("%s", async (name) => {
    const problems = await problemsOf(readFileSync(`${folder}${name}`, "utf8"), { env });
    expect(problems).not.toEqual([]);
    expect(problems.join("\n")).not.toContain("canary");
    await expect(`${problems.join("\n")}\n`).toMatchFileSnapshot(`${folder}${name.replace(/\.config$/, ".problems")}`);
  });
});
