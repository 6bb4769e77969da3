import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { suiteJsonSchema } from "../../src/suite/json-schema.ts";
import { runProgram } from "../support/program.ts";
import { tempFolder } from "../support/temp.ts";

const beacon = `
import { defineSink } from "cal-relay/sdk";
import { z } from "zod";
export default defineSink({
  type: "beacon",
  title: "Beacon",
  connection: z.strictObject({ hill: z.string().describe("which hill") }),
  message: z.strictObject({ colour: z.string() }),
  secrets: [],
  async open() {
    return { deliver: async () => undefined };
  },
});
`;

test("without a configuration, schema prints that of the built-in sinks", async () => {
  const { code, stdout, stderr } = await runProgram(["schema"], { cwd: tempFolder() });
  expect([code, stderr]).toEqual([0, ""]);
  expect(Object.keys(definitionsOf(stdout))).toEqual(expect.arrayContaining(["slack-sink", "notion-target"]));
});

test("schema --suite prints that of suites, which needs no configuration", async () => {
  const { code, stdout, stderr } = await runProgram(["schema", "--suite"], { cwd: tempFolder() });
  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toEqual(suiteJsonSchema());
});

test("schema --sql prints nothing that would take a ledger back to an older version", async () => {
  const { code, stdout, stderr } = await runProgram(["schema", "--sql", "--from", "99"], { cwd: tempFolder() });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain('got "99"');
});

test("schema knows the configuration's own sinks, whatever else is wrong there, and says which it could not load", async () => {
  const cwd = tempFolder();
  writeFileSync(join(cwd, "beacon.ts"), beacon);
  writeFileSync(join(cwd, "other.yaml"), "plugins: [./beacon.ts, ./missing.ts]\nroutes: nowhere\n");
  const { code, stdout, stderr } = await runProgram(["schema", "--config", "other.yaml"], { cwd });
  expect(code).toBe(0);
  expect(definitionsOf(stdout)).toMatchObject({
    "beacon-sink": { properties: { hill: { description: "which hill" } } },
  });
  expect(stderr).toMatch(/^other\.yaml:1:24 {2}plugins\[1\] {2}the plugin \.\/missing\.ts cannot be used: .*\n$/);
});

function definitionsOf(printed: string): object {
  const schema: unknown = JSON.parse(printed);
  expect(schema).toMatchObject({ definitions: expect.any(Object) as object });
  return (schema as { definitions: object }).definitions;
}
