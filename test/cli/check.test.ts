import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { everything } from "../support/everything.ts";
import { runProgram } from "../support/program.ts";

test("check --online is silent where every sink would work", async () => {
  const { folder, env } = await everything();
  const { code, stdout, stderr } = await runProgram(["check", "--online"], { cwd: folder, env });
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toBe("relay.config.yaml: well; 1 source, 1 route, 5 sinks\n");
});

test("check --online says which target would not work and what to do", async () => {
  const { folder, env, sheets } = await everything();
  sheets.unshare("spreadsheet-of-bookings");
  const wrong = { ...env, SLACK_BOT_TOKEN: "xoxb-revoked", NOTION_TOKEN: "ntn_revoked" };
  const { code, stderr } = await runProgram(["check", "--online"], { cwd: folder, env: wrong });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^everything\/slack {2}.*invalid_auth/m);
  expect(stderr).toMatch(/^everything\/sheet {2}.*[Ss]hare/m);
  expect(stderr).toMatch(/^everything\/notion {2}/m);
  expect(stderr).not.toMatch(/xoxb-revoked|ntn_revoked/);
});

test("check --json gives problems with their positions", async () => {
  const { folder } = await everything();
  writeFileSync(
    join(folder, "relay.config.yaml"),
    "sources: { cal: {} }\nroutes: [{ name: x, on: BOOKING_CREATE, to: [] }]\n",
  );
  const { code, stdout } = await runProgram(["check", "--json"], { cwd: folder });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ problems: [{ line: 2, path: "routes[0].on", severity: "error" }] });
});
