import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { chain, sample, sampleNames } from "../../src/cal/samples.ts";
import { PING, TRIGGERS } from "../../src/cal/triggers.ts";
import { everything, SPREADSHEET } from "../support/everything.ts";
import { runProgram, startProgram, type RunningRelay } from "../support/program.ts";

interface ListedDelivery {
  readonly id: string;
  readonly event: string;
  readonly sink: string;
  readonly state: string;
  readonly reason: string | null;
}

async function deliveriesOf(folder: string, env: Readonly<Record<string, string>>): Promise<ListedDelivery[]> {
  const { stdout } = await runProgram(["deliveries", "--json", "--limit", "1000"], { cwd: folder, env });
  return JSON.parse(stdout) as ListedDelivery[];
}

/** Waits until every delivery of the running relay has been settled. */
async function allSettled(relay: RunningRelay): Promise<void> {
  await vi.waitFor(
    async () => {
      const { text } = await relay.get("/metrics");
      const open = text.match(/^cal_relay_deliveries\{[^}]*state="(waiting|running)"\} [1-9]/m);
      expect(open).toBeNull();
    },
    { timeout: 30_000, interval: 100 },
  );
}

test("every trigger's sample goes over HTTP to every sink", { timeout: 60_000 }, async () => {
  const { folder, env, receiver } = await everything();
  const relay = await startProgram({ cwd: folder, env });
  const posted = sampleNames.filter((name) => name !== PING);
  const events: string[] = [];
  for (const name of posted) {
    const { status, body } = await relay.post(sample(name));
    // Some odd cases tell the same event as another sample, in an older sender's words.
    if (body["status"] === "duplicate") continue;
    expect([name, status, body["deliveries"]]).toEqual([name, 202, 5]);
    events.push(String(body["event"]));
  }
  expect(events.length).toBeGreaterThanOrEqual(TRIGGERS.length);
  await allSettled(relay);

  const deliveries = await deliveriesOf(folder, env);
  expect(deliveries).toHaveLength(events.length * 5);
  // The samples of one booking do not come in its order: a row and a page are not taken back in time.
  const isSuperseded = ({ sink, state, reason }: ListedDelivery): boolean =>
    ["sheet", "notion"].includes(sink) && state === "skipped" && reason?.startsWith("superseded by evt_") === true;
  expect(deliveries.filter((one) => one.state !== "delivered" && !isSuperseded(one))).toEqual([]);
  const lines = readFileSync(join(folder, "events.jsonl"), "utf8").trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { event: string }).event).toSorted()).toEqual(events.toSorted());
  expect(new Set(receiver.received().map(({ id }) => id)).size).toBe(events.length);
  await relay.end("SIGTERM");
});

test("a booking created, rescheduled twice and cancelled is one row, one page and one thread", async () => {
  const { folder, env, slack, sheets, notion } = await everything();
  const relay = await startProgram({ cwd: folder, env });
  for (const name of chain) expect((await relay.post(sample(name))).status).toBe(202);
  await allSettled(relay);

  const [header, ...rows] = sheets.rows(SPREADSHEET, "Bookings");
  expect(header).toEqual(["Booking", "Status", "Start", "Guest"]);
  expect(rows).toHaveLength(1);
  expect(rows[0]?.[1]).toBe("CANCELLED");
  expect(notion.pages()).toHaveLength(1);
  const [root, ...replies] = slack.messages("#bookings");
  expect(replies).toHaveLength(chain.length - 1);
  expect(new Set(replies.map((reply) => reply.thread_ts))).toEqual(new Set([root?.ts]));
  await relay.end("SIGTERM");
});

test("no secret appears in a log line, a metric or a recorded attempt", async () => {
  const { folder, env, slack, sheets, notion, receiver } = await everything();
  const relay = await startProgram({ cwd: folder, env: { ...env, LOG_LEVEL: "debug" } });
  for (const vendor of [slack, sheets, notion, receiver])
    vendor.misbehave({ kind: "answer", status: 500, body: "broken" });
  await relay.post(sample("BOOKING_CREATED"));
  await relay.post(sample("BOOKING_CANCELLED"), "a wrong secret");
  await allSettled(relay);

  const shown: string[] = [relay.output(), (await relay.get("/metrics")).text];
  for (const { id } of await deliveriesOf(folder, env))
    shown.push((await runProgram(["deliveries", "show", id, "--json"], { cwd: folder, env })).stdout);
  const { private_key: privateKey } = JSON.parse(sheets.credentials) as { private_key: string };
  const secrets = [
    slack.token,
    notion.token,
    "e2e-secret",
    env["WEBHOOK_SIGNING_SECRET"] ?? "",
    privateKey.slice(40, 80),
  ];
  for (const secret of secrets) expect(shown.join("\n")).not.toContain(secret);
  expect(relay.output()).not.toMatch(/@example\.(com|org)/);
  await relay.end("SIGTERM");
});
