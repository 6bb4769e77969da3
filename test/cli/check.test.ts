import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { everything } from "../support/everything.ts";
import { runProgram } from "../support/program.ts";

test("check --online tells whom it asked, each vendor once, where every sink would work", async () => {
  const { folder, env, slack, notion } = await everything();
  const { code, stdout, stderr } = await runProgram(["check", "--online"], { cwd: folder, env });
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(
    "relay.config.yaml: well online; 1 source, 1 route, 5 sinks\n  asked: archive, slack, sheet, notion, webhook\n",
  );
  expect(slack.methods()).toEqual(["auth.test", "users.conversations"]);
  expect(notion.requests.map(({ path }) => path)).toHaveLength(3);
});

test("check --online says of every sink that would not work what to do, a line each", async () => {
  const { folder, env, sheets } = await everything();
  sheets.unshare("spreadsheet-of-bookings");
  const file = join(folder, "relay.config.yaml");
  const wrong = readFileSync(file, "utf8")
    .replace("allowPrivateNetwork: true", "allowPrivateNetwork: false")
    .replace("./events.jsonl", ".");
  writeFileSync(file, wrong);
  const badly = { ...env, SLACK_BOT_TOKEN: "xoxb-revoked", NOTION_TOKEN: "ntn_revoked" };
  const { code, stdout, stderr } = await runProgram(["check", "--online"], { cwd: folder, env: badly });
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr.trimEnd().split("\n")).toEqual([
    expect.stringMatching(/^everything\/archive {2}\. is not a file; put the path of a file under path/),
    expect.stringMatching(/^everything\/slack {4}Slack refused auth\.test: invalid_auth; put the token from/),
    expect.stringMatching(/^everything\/sheet {4}HTTP 403 .*share the spreadsheet with \S+@\S+ as editor$/),
    expect.stringMatching(
      /^everything\/notion {3}Notion does not accept the token .*copy the integration's secret anew$/,
    ),
    expect.stringMatching(/^everything\/webhook {2}the host 127\.0\.0\.1 has a private.*allowPrivateNetwork/),
    "relay.config.yaml: 5 things to mend",
    "  asked: archive, slack, sheet, notion, webhook",
  ]);
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
