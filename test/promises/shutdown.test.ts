import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { startProgram, type RunningRelay } from "../support/program.ts";
import { recordOf } from "../support/record.ts";
import { startStandIn } from "../../src/sdk/testing/stand-in.ts";
import { tempFolder } from "../support/temp.ts";

const CONNECTIONS = 8;

interface Scene {
  readonly file: string;
  /** The events that arrived at `quick`, and those that came to `slow` and were let through. */
  readonly quick: readonly string[];
  readonly slow: readonly string[];
  /** Resolves with the first event that `slow` is asked to take. */
  readonly asked: Promise<string>;
  /** From now on `slow` answers, also what it was asked before. */
  readonly letThrough: () => void;
  readonly start: () => Promise<RunningRelay>;
}

/** A relay with one sink that answers at once and one that does not answer until it is let. */
async function scene(shutdownGrace: string): Promise<Scene> {
  const folder = tempFolder();
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<string>();
  const arrived = { quick: [] as string[], slow: [] as string[] };
  const receiver = await startStandIn(async ({ path, body }) => {
    const { event } = JSON.parse(body) as { event: string };
    if (path === "/slow") {
      asked.resolve(event);
      await gate.promise;
    }
    arrived[path === "/slow" ? "slow" : "quick"].push(event);
    return { status: 200, body: "" };
  });
  onTestFinished(() => receiver.close());
  writeFileSync(
    join(folder, "relay.config.yaml"),
    `server: { host: 127.0.0.1, port: 0, shutdownGrace: ${shutdownGrace} }
storage: sqlite:./relay.db
sources: { cal: { secret: e2e-secret } }
sinks:
  quick: { type: webhook, url: "${receiver.url}/quick", allowPrivateNetwork: true }
  slow: { type: webhook, url: "${receiver.url}/slow", allowPrivateNetwork: true, concurrency: 2, timeout: 1h }
routes:
  - name: all
    on: "*"
    to: [{ sink: quick, body: { event: "{{ event.id }}" } }, { sink: slow, body: { event: "{{ event.id }}" } }]
`,
  );
  const start = (): Promise<RunningRelay> => startProgram({ cwd: folder });
  return { file: join(folder, "relay.db"), ...arrived, asked: asked.promise, letThrough: gate.resolve, start };
}

interface Stream {
  readonly acknowledged: readonly string[];
  /** How each connection ended. */
  readonly ends: Promise<readonly unknown[]>;
}

/** Posts from several connections without a pause, each until the relay takes no more from it. */
function stream(relay: RunningRelay): Stream {
  const acknowledged: string[] = [];
  let posted = 0;

  async function postOn(): Promise<unknown> {
    while (true) {
      const answer = await relay.post(`{"triggerEvent":"T${(posted += 1)}","payload":{}}`).catch(codeOf);
      if (typeof answer === "string") return answer;
      if (answer.status !== 202) return answer.status;
      acknowledged.push(String(answer.body["event"]));
    }
  }

  return { acknowledged, ends: Promise.all(Array.from({ length: CONNECTIONS }, postOn)) };
}

/** What became of the connection: undici keeps the system's word in the cause. */
function codeOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code ?? String(error);
}

/** Accepted before the connection was closed, or never taken: nothing else may become of a request. */
const CLEAN_ENDS = ["ECONNREFUSED", "UND_ERR_SOCKET", "ECONNRESET"];

test("SIGTERM under load: loses nothing acknowledged, hands back what runs, exits 0 though a sink never answers", async () => {
  const { file, quick, slow, asked, letThrough, start } = await scene("1s");
  const first = await start();
  const { acknowledged, ends } = stream(first);
  await asked;
  await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(50), { timeout: 10_000 });
  const { code } = await first.end("SIGTERM");
  expect(code).toBe(0);
  expect((await ends).filter((end) => !CLEAN_ENDS.includes(String(end)))).toEqual([]);

  const { events, deliveries } = await recordOf(file);
  expect(events.toSorted()).toEqual(acknowledged.toSorted());
  expect(deliveries.filter(({ state }) => !["waiting", "delivered"].includes(state))).toEqual([]);
  // What was under way at the slow sink may have arrived there, and only that.
  const unsure = deliveries.filter(({ maybeDelivered }) => maybeDelivered);
  expect(unsure.map(({ sink }) => sink)).toEqual(["slow", "slow"]);

  letThrough();
  await start();
  await vi.waitFor(() => expect([new Set(quick), new Set(slow)]).toEqual([new Set(events), new Set(events)]), {
    timeout: 20_000,
  });
  expect(quick).toHaveLength(events.length);
});

test("SIGTERM: what runs is finished within the grace, and delivered once", async () => {
  const { file, quick, slow, asked, letThrough, start } = await scene("1h");
  const relay = await start();
  await relay.post('{"triggerEvent":"T","payload":{}}');
  const event = await asked;
  const over = relay.end("SIGTERM");
  await vi.waitFor(() => expect(relay.output()).toContain('"msg":"stopping"'));
  letThrough();
  expect((await over).code).toBe(0);
  expect([quick, slow]).toEqual([[event], [event]]);
  expect((await recordOf(file)).deliveries).toMatchObject([{ state: "delivered" }, { state: "delivered" }]);
});

test("a second SIGTERM ends the relay at once, and the next one delivers what was under way", async () => {
  const { file, slow, asked, letThrough, start } = await scene("1h");
  const relay = await start();
  await relay.post('{"triggerEvent":"T","payload":{}}');
  const event = await asked;
  void relay.end("SIGTERM");
  await vi.waitFor(() => expect(relay.output()).toContain('"msg":"stopping"'));
  expect((await relay.end("SIGTERM")).code).toBe(1);
  letThrough();
  await start();
  await vi.waitFor(() => expect(slow).toContain(event), { timeout: 10_000 });
  await vi.waitFor(async () =>
    expect((await recordOf(file)).deliveries).toMatchObject([{ state: "delivered" }, { state: "delivered" }]),
  );
});
