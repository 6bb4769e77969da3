import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram } from "../support/program.ts";
import { tempFolder } from "../support/temp.ts";

test("init --yes writes a configuration that is well, a suite that passes, and says what to do next", async () => {
  const cwd = tempFolder();
  writeFileSync(join(cwd, "package.json"), '{ "name": "mine" }\n');
  const made = await runProgram(["init", "--yes"], { cwd });
  expect([made.code, made.stderr]).toEqual([0, ""]);
  expect(made.stdout).toMatch(/^wrote relay\.config\.yaml, relay\.config\.test\.yaml, \.env\n/);
  expect(made.stdout).toContain("added to package.json: start, check, test\n");
  expect(made.stdout).toContain("  cal-relay preview BOOKING_CREATED  ");
  expect(JSON.parse(read(cwd, "package.json"))).toMatchObject({ scripts: { start: "cal-relay start" } });
  expect(read(cwd, ".env")).toMatch(/^SLACK_BOT_TOKEN=$/m);
  expect(statSync(join(cwd, ".env")).mode & 0o077).toBe(0);

  const checked = await runProgram(["check"], { cwd });
  expect([checked.code, checked.stderr]).toEqual([0, ""]);
  expect(checked.stdout).toBe(
    "relay.config.yaml: well; 1 source, 1 route, 2 sinks\n  team-slack runs dry: SLACK_BOT_TOKEN not set\n",
  );

  const tested = await runProgram(["test"], { cwd });
  expect([tested.code, tested.stderr]).toEqual([0, ""]);
  expect(tested.stdout).toMatch(/\n2 tests in 1 suite: all well\n$/);
});

test("answers come from standard input where it is no terminal; what is wrong is asked again, a part of a name is enough", async () => {
  const cwd = tempFolder();
  mkdirSync(join(cwd, "node_modules/cal-relay/config"), { recursive: true });
  writeFileSync(join(cwd, "node_modules/cal-relay/config/relay.schema.json"), "{}");
  writeFileSync(join(cwd, ".env"), "OTHER=1\n");
  const input = "slak\nsheets, file\nforms\nconf/relay.yml\n";
  const { code, stdout, stderr } = await runProgram(["init"], { cwd, input });
  expect([code, stderr]).toEqual([0, 'unknown "slak"; did you mean slack?\n']);
  expect(stdout).toMatch(/^wrote conf\/relay\.yml, conf\/relay\.test\.yaml\n\n/);
  expect(stdout).toContain("preview FORM_SUBMITTED --config conf/relay.yml");
  expect(stdout).toContain("give a value to GOOGLE_CREDENTIALS, SPREADSHEET_ID; until then sheet runs dry");
  expect(read(cwd, "conf/relay.yml")).toMatch(
    /^# yaml-language-server: \$schema=\.\.\/node_modules\/cal-relay\/config\/relay\.schema\.json\n/,
  );
  expect(read(cwd, "conf/relay.test.yaml")).toContain("\nconfig: ./relay.yml\n");
  // Somebody's own secrets.
  expect(read(cwd, ".env")).toBe("OTHER=1\n");
});

test("init overwrites nothing unless told to", async () => {
  const cwd = tempFolder();
  writeFileSync(join(cwd, "relay.config.test.yaml"), "mine\n");
  // Where the answers end, the defaults hold.
  const refused = await runProgram(["init"], { cwd });
  expect([refused.code, refused.stderr]).toEqual([
    1,
    "cal-relay: relay.config.test.yaml is there already; name another file, or overwrite it with --force\n",
  ]);
  expect(existsSync(join(cwd, "relay.config.yaml"))).toBe(false);
  expect(read(cwd, "relay.config.test.yaml")).toBe("mine\n");

  const options = ["--yes", "--force", "--sinks", "file", "--on", "everything", "--json"];
  const { code, stdout } = await runProgram(["init", ...options], { cwd });
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    { files: ["relay.config.yaml", "relay.config.test.yaml"], scripts: [], variables: [] },
  ]);
});

test("a folder where nothing can be written is said plainly", async () => {
  const cwd = tempFolder();
  writeFileSync(join(cwd, "taken"), "");
  const { code, stderr } = await runProgram(["init", "--yes", "--config", "taken/relay.yaml"], { cwd });
  expect([code, stderr]).toEqual([1, "cal-relay: taken/relay.yaml: cannot be written (EEXIST)\n"]);
});

test("an unknown sink on the command line is told with the one that was probably meant", async () => {
  const { code, stderr } = await runProgram(["init", "--sinks", "slack,notoin"], { cwd: tempFolder() });
  expect([code, stderr]).toEqual([2, expect.stringContaining('unknown "notoin"; did you mean notion?')]);
});

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}
