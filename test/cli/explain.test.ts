import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sample, sampleNames } from "../../src/cal/samples.ts";
import { sign } from "../../src/cal/signature.ts";
import { runProgram, startProgram, type Finished } from "../support/program.ts";
import { tempFolder } from "../support/temp.ts";

function configuration(minutes: number): string {
  return `
server: { host: 127.0.0.1, port: 0 }
storage: sqlite:./relay.db
sources: { cal: { secret: e2e-secret } }
sinks: { lines: { type: file, path: ./lines.jsonl }, team: { type: slack, token: "\${UNSET}", optional: true } }
routes:
  - { name: bookings, on: "BOOKING_*", to: [{ sink: lines }, { sink: team, channel: "#sales", text: x }] }
  - { name: long-ones, on: BOOKING_CREATED, filter: { booking.minutes: { $gt: ${minutes} } }, to: [{ sink: lines }] }
`;
}

function folderOf(minutes = 60): { cwd: string; run: (...args: string[]) => Promise<Finished> } {
  const cwd = tempFolder();
  writeFileSync(join(cwd, "relay.config.yaml"), configuration(minutes));
  return { cwd, run: (...args) => runProgram(args, { cwd }) };
}

const HEAD = `BOOKING_CREATED  Strategy session between Mara Lindqvist and Priya Raman
from cal · sent 2026-11-23 09:12:04Z · booking hV3kRz9TqYw2LmXc7NbP4d
`;
const VERDICTS = `
ROUTE      VERDICT
bookings   matched → lines, team
long-ones  filter.booking.minutes: expected more than 60, saw 45
`;

test("explain tells where each route sends an event, or which condition failed on what", async () => {
  const { cwd, run } = folderOf();
  const drifted = sample("BOOKING_CREATED").replace('"startTime":"2026-12-01T15:00:00Z"', '"startTime":5');
  writeFileSync(join(cwd, "drifted.json"), drifted);
  const [created, ping, file] = await Promise.all([
    run("explain", "BOOKING_CREATED"),
    run("explain", "PING"),
    run("explain", "drifted.json", "--json"),
  ]);
  expect(created).toEqual({ code: 0, stdout: HEAD + VERDICTS, stderr: "" });
  expect(ping).toMatchObject({ code: 0, stderr: "" });
  expect(ping.stdout).toContain("on: PING is recorded and never routed");
  expect(ping.stdout).toMatch(/\n\nno route takes it: it is kept, and goes nowhere\n$/);
  expect(JSON.parse(file.stdout)).toEqual({
    event: {
      id: "evt_example",
      trigger: "BOOKING_CREATED",
      source: "cal",
      createdAt: "2026-11-23T09:12:04.218Z",
      booking: {
        key: "hV3kRz9TqYw2LmXc7NbP4d",
        title: "Strategy session between Mara Lindqvist and Priya Raman",
      },
      drift: [expect.stringMatching(/^payload.startTime: expected /)],
    },
    refused: null,
    verdicts: [
      { route: "bookings", matched: true, reason: null, sinks: ["lines", "team"] },
      {
        route: "long-ones",
        matched: false,
        reason: {
          condition: "filter.booking.minutes",
          expected: { $gt: 60 },
          seen: 45,
          text: "filter.booking.minutes: expected more than 60, saw 45",
        },
        sinks: [],
      },
    ],
  });
}, 60_000);

test("explain says whether a file's source would take it", async () => {
  const { cwd, run } = folderOf();
  const body = sample("BOOKING_CREATED");
  writeFileSync(join(cwd, "body.json"), body);
  const [right, absent, source] = await Promise.all([
    run("explain", "body.json", "--signature", sign(body, "e2e-secret")),
    run("explain", "body.json", "--signature", "absent", "--json"),
    run("explain", "body.json", "--source", "call"),
  ]);
  expect(right).toEqual({
    code: 0,
    stdout: `${HEAD}taken  its signature is right, by secret 1\n${VERDICTS}`,
    stderr: "",
  });
  expect(absent).toMatchObject({
    code: 1,
    stderr: "cal-relay: refused with 401: no X-Cal-Signature-256 header; set the webhook's secret in Cal.com\n",
  });
  expect(JSON.parse(absent.stdout)).toMatchObject({ refused: { error: "signature_missing" }, verdicts: [] });
  expect(source).toEqual({
    code: 1,
    stdout: HEAD.replace("from cal", "from call"),
    stderr: `cal-relay: refused with 404: no such source; the URL ends in /hooks/ and a name under \`sources\`
  "call" is none of them; did you mean cal?\n`,
  });
}, 60_000);

test("an EVENT that is nothing says what it could be", async () => {
  const { run } = folderOf();
  const [near, file] = await Promise.all(["BOOKING_CREATE", "./body.json"].map((what) => run("explain", what)));
  expect(near).toMatchObject({ code: 1, stdout: "" });
  expect(near?.stderr).toMatch(/^cal-relay: "BOOKING_CREATE" is no .*; did you mean BOOKING_CREATED\?\n {2}samples: /);
  expect(near?.stderr.split("samples: ")[1]?.trim().split(/\s+/)).toEqual(sampleNames);
  expect(file).toEqual({ code: 1, stdout: "", stderr: "cal-relay: there is no file ./body.json\n" });
}, 60_000);

test("a stored event is explained beside a running relay, as it was decided and as it would be now", async () => {
  const { cwd, run } = folderOf();
  const relay = await startProgram({ cwd });
  const id = String((await relay.post(sample("BOOKING_CREATED"))).body["event"]);
  writeFileSync(join(cwd, "later.yaml"), configuration(30).replace("name: bookings", "name: all"));
  const [later, previewed, unknown, needless] = await Promise.all([
    run("explain", id, "--config", "later.yaml"),
    run("preview", id, "--route", "bookings", "--json"),
    run("explain", "evt_unknown"),
    run("explain", id, "--signature", "absent"),
  ]);
  await relay.end("SIGTERM");
  expect(later.stdout).toBe(
    `${HEAD.replace("from cal", `${id} · from cal`)}
ROUTE      WHEN IT CAME                                           NOW
all        (no such route yet)                                    matched → lines, team
long-ones  filter.booking.minutes: expected more than 60, saw 45  matched → lines
bookings   matched → lines, team                                  (no such route any more)
`,
  );
  expect(JSON.parse(previewed.stdout)).toMatchObject([{ message: {} }, { message: { text: "x" } }]);
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining("no event evt_unknown") });
  expect(needless.code).toBe(2);
}, 60_000);
