import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { startProgram, type RunningRelay } from "../support/program.ts";
import { recordOf } from "../support/record.ts";
import { startStandIn } from "../../src/sdk/testing/stand-in.ts";
import { tempFolder } from "../support/temp.ts";

const preload = pathToFileURL(fileURLToPath(new URL("../support/set-clock.ts", import.meta.url))).href;
const HOUR = 3_600_000;

interface Scene {
  readonly file: string;
  /** The status with which the receiver answers its n-th request, from 1. */
  answer: (nth: number) => number;
  readonly requests: () => number;
  /** The relay's clock: milliseconds added to the machine's. */
  readonly setClock: (skew: number) => void;
  readonly start: () => Promise<RunningRelay>;
}

/** The real program with a clock that can be set, in a place where the hour changes. */
async function scene(): Promise<Scene> {
  const folder = tempFolder();
  const clock = join(folder, "clock");
  const receiving: Pick<Scene, "answer"> = { answer: () => 200 };
  const receiver = await startStandIn(() => ({ status: receiving.answer(receiver.requests.length), body: "" }));
  onTestFinished(() => receiver.close());
  writeFileSync(
    join(folder, "relay.config.yaml"),
    `server: { host: 127.0.0.1, port: 0 }
storage: sqlite:./relay.db
defaults: { timeZone: Europe/Berlin, retry: { first: 1s, max: 1s, for: 3h } }
sources: { cal: { secret: e2e-secret } }
sinks: { hook: { type: webhook, url: "${receiver.url}", allowPrivateNetwork: true } }
routes: [{ name: all, on: "*", to: [{ sink: hook }] }]
`,
  );
  const env = { TZ: "Europe/Berlin", CLOCK_FILE: clock, NODE_OPTIONS: `--import=${preload}` };
  return Object.assign(receiving, {
    file: join(folder, "relay.db"),
    requests: () => receiver.requests.length,
    setClock: (skew: number) => writeFileSync(clock, String(skew)),
    start: () => startProgram({ cwd: folder, env }),
  });
}

async function untilDelivered({ file }: Scene): Promise<void> {
  await vi.waitFor(async () => expect((await recordOf(file)).deliveries).toMatchObject([{ state: "delivered" }]), {
    timeout: 15_000,
    interval: 100,
  });
}

test.each([
  ["on to summer time", Date.UTC(2026, 2, 29, 1)],
  ["back to winter time", Date.UTC(2026, 9, 25, 1)],
])("retries go on as ever while the hour changes %s", async (_which, change) => {
  const berlin = await scene();
  berlin.answer = (nth) => (nth <= 3 ? 503 : 200);
  const startedAt = change - 3_000;
  berlin.setClock(startedAt - Date.now());
  const relay = await berlin.start();
  berlin.setClock(startedAt - Date.now());
  await relay.post('{"triggerEvent":"T","payload":{}}');
  await untilDelivered(berlin);
  const [delivery] = (await recordOf(berlin.file)).deliveries;
  expect(delivery).toMatchObject({ attempts: 4, acceptedAt: expect.toSatisfy((at) => at < change) });
  expect(delivery?.settledAt).toBeGreaterThan(Number(delivery?.acceptedAt));
  expect(delivery?.settledAt).toBeLessThan(change + HOUR);
});

test("started again with the clock two hours back, it delivers what was waiting when it was killed", async () => {
  const early = await scene();
  early.answer = () => 503;
  early.setClock(2 * HOUR);
  const relay = await early.start();
  await relay.post('{"triggerEvent":"T","payload":{}}');
  await vi.waitFor(() => expect(early.requests()).toBeGreaterThan(0), { timeout: 10_000 });
  await relay.end("SIGKILL");
  early.setClock(0);
  early.answer = () => 200;
  await early.start();
  await untilDelivered(early);
});

test("while it runs with the clock set two hours back, it goes on retrying", async () => {
  const back = await scene();
  back.answer = () => 503;
  back.setClock(0);
  const relay = await back.start();
  await relay.post('{"triggerEvent":"T","payload":{}}');
  await vi.waitFor(() => expect(back.requests()).toBeGreaterThan(0), { timeout: 10_000 });
  back.setClock(-2 * HOUR);
  back.answer = () => 200;
  await untilDelivered(back);
});
