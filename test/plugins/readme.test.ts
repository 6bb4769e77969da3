import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { builtInSinks } from "../../plugins/index.ts";

const SECTIONS = [/^Set-up( at \w+)?$/, /^Options$/, /^Limits$/, /^When the outcome is unknown$/, /^What .+ answers$/];
const shape = z.object({ properties: z.record(z.string(), z.unknown()) });

describe.each(builtInSinks)("the README of $type", ({ type, connection, message }) => {
  const text = readFileSync(new URL(`../../plugins/${type}/README.md`, import.meta.url), "utf8");

  test("begins with YAML to paste and has the sections that all of them have", () => {
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
    const found = headings.filter((heading) => SECTIONS.some((section) => section.test(heading)));
    expect(found.map((heading) => SECTIONS.findIndex((section) => section.test(heading)))).toEqual([0, 1, 2, 3, 4]);
    expect(text.indexOf("```yaml")).toBeLessThan(text.indexOf("\n## "));
  });

  test("names every option there is", () => {
    const options = [connection, message].flatMap((schema) =>
      Object.keys(shape.parse(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })).properties),
    );
    const named = text.slice(text.indexOf("## Options"), text.indexOf("## Limits"));
    expect(options.filter((option) => !named.includes(`\`${option}\``))).toEqual([]);
  });
});
