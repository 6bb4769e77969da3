import { execFileSync } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test, vi } from "vitest";
import { startProgram, type RunningRelay } from "../support/program.ts";
import { recordOf } from "../support/record.ts";
import { startStandIn } from "../../src/sdk/testing/stand-in.ts";
import { tempFolder } from "../support/temp.ts";

interface Scene {
  readonly relay: RunningRelay;
  readonly file: string;
  /** The status with which the receiver answers an event. */
  answer: (event: string) => number | Promise<number>;
  /** The events that arrived, as often as they did. */
  readonly arrived: () => readonly string[];
  readonly start: () => Promise<RunningRelay>;
}

async function scene(): Promise<Scene> {
  const folder = tempFolder();
  const receiving: Pick<Scene, "answer"> = { answer: () => 200 };
  const receiver = await startStandIn(async ({ body }) => ({
    status: await receiving.answer(eventIn(body)),
    body: "",
  }));
  onTestFinished(() => receiver.close());
  writeFileSync(
    join(folder, "relay.config.yaml"),
    `server: { host: 127.0.0.1, port: 0 }
storage: sqlite:./relay.db
defaults: { retry: { first: 20ms, max: 200ms, for: 1h } }
sources: { cal: { secret: e2e-secret } }
sinks: { hook: { type: webhook, url: "${receiver.url}", allowPrivateNetwork: true, breaker: { after: 100000 } } }
routes: [{ name: all, on: "*", to: [{ sink: hook, body: { event: "{{ event.id }}" } }] }]
`,
  );
  const start = (): Promise<RunningRelay> => startProgram({ cwd: folder });
  return Object.assign(receiving, {
    relay: await start(),
    file: join(folder, "relay.db"),
    arrived: () => receiver.requests.map(({ body }) => eventIn(body)),
    start,
  });
}

function eventIn(body: string): string {
  return (JSON.parse(body) as { event: string }).event;
}

/** The webhook with this number, of some 20 KB: several of the ledger's pages. */
function webhook(number: number): string {
  return JSON.stringify({ triggerEvent: `T${number}`, payload: { text: "x".repeat(20_000) } });
}

async function accept(relay: RunningRelay, number: number): Promise<string> {
  const { status, body } = await relay.post(webhook(number));
  expect(status).toBe(202);
  return String(body["event"]);
}

async function expectRefused(relay: RunningRelay, numbers: readonly number[]): Promise<void> {
  const answers = await Promise.all(numbers.map((number) => relay.post(webhook(number))));
  for (const { status, headers } of answers)
    expect([status, Number(headers.get("retry-after"))]).toEqual([503, expect.toSatisfy((seconds) => seconds > 0)]);
}

/** Waits until the ledger holds these events and no others, each delivered. */
async function untilDelivered(file: string, events: readonly string[]): Promise<void> {
  const expected = events.map((event) => ({ event, state: "delivered" }));
  await vi.waitFor(
    async () => {
      const { events: stored, deliveries } = await recordOf(file);
      expect([stored, deliveries.toReversed()]).toMatchObject([events, expected]);
    },
    { timeout: 10_000, interval: 50 },
  );
}

/** From now on no file that the process writes may grow beyond. Node ignores SIGXFSZ: a write that goes further fails with EFBIG. */
function limitFiles({ pid }: RunningRelay, bytes: number | "unlimited"): void {
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]);
}

/** So many bytes that the next commit is cut in its middle. */
function withinNextCommit(file: string): number {
  return statSync(`${file}-wal`).size + 6_000;
}

test("a disk that takes no more bytes: refuses with 503, stays alive, and goes on by itself once it does", async () => {
  const { relay, file, arrived } = await scene();
  const before = await accept(relay, 1);
  limitFiles(relay, withinNextCommit(file));
  await expectRefused(relay, [2, 3, 4]);
  await expectRefused(relay, [2]);
  expect((await relay.get("/healthz")).status).toBe(200);
  limitFiles(relay, "unlimited");

  const after = await accept(relay, 2);
  await untilDelivered(file, [before, after]);
  expect(arrived().toSorted()).toEqual([before, after].toSorted());
});

test("what waits, and what was sent but could not be recorded, goes on once the disk takes bytes again", async () => {
  const trouble = await scene();
  const { relay, file, arrived } = trouble;
  const gate = Promise.withResolvers<number>();
  trouble.answer = () => 503;
  const waiting = await accept(relay, 1);
  trouble.answer = (event) => (event === waiting ? 503 : gate.promise);
  const sent = await accept(relay, 2);
  await vi.waitFor(() => expect(arrived()).toContain(sent), { timeout: 10_000 });
  limitFiles(relay, 0);
  await expectRefused(relay, [3]);
  gate.resolve(200);
  await vi.waitFor(() => expect(relay.output()).toContain("could not be recorded yet"), { timeout: 10_000 });
  trouble.answer = () => 200;
  limitFiles(relay, "unlimited");

  await untilDelivered(file, [waiting, sent]);
  expect(arrived().filter((event) => event === sent)).toHaveLength(1);
});

test("killed while the disk takes no more bytes, it has all that it acknowledged and nothing else", async () => {
  const { relay, file, arrived, start } = await scene();
  const acknowledged = [await accept(relay, 1), await accept(relay, 2)];
  limitFiles(relay, withinNextCommit(file));
  await expectRefused(relay, [3, 4]);
  await relay.end("SIGKILL");
  await start();
  await untilDelivered(file, acknowledged);
  expect(new Set(arrived())).toEqual(new Set(acknowledged));
});

test("locked by another process for too long: refuses with 503, and goes on by itself once it is let go", async () => {
  const { relay, file, arrived } = await scene();
  const before = await accept(relay, 1);
  await untilDelivered(file, [before]);
  const other = new DatabaseSync(file, { timeout: 10_000 });
  onTestFinished(() => other.close());
  other.exec("BEGIN IMMEDIATE");
  const finished: string[] = [];
  const refused = expectRefused(relay, [2]).then(() => finished.push("refused"));
  expect((await relay.get("/healthz")).status).toBe(200);
  finished.push("alive");
  await refused;
  expect(finished).toEqual(["alive", "refused"]);
  other.exec("ROLLBACK");

  const after = await accept(relay, 2);
  await untilDelivered(file, [before, after]);
  expect(arrived()).toEqual([before, after]);
});
