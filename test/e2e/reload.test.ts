import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { startProgram, type RunningRelay } from "../support/program.ts";
import { startStandIn, type StandIn } from "../../src/sdk/testing/stand-in.ts";
import { tempFolder } from "../support/temp.ts";

const EVENTS = 300;
const CONNECTIONS = 4;

/** Each version sends to an address of its own and says which it is. */
function yaml(receiver: StandIn, version: number): string {
  return `server: { host: 127.0.0.1, port: 0, shutdownGrace: 5s }
storage: sqlite:./relay.db
sources: { cal: { secret: e2e-secret } }
sinks: { hook: { type: webhook, url: "${receiver.url}/${version}", allowPrivateNetwork: true } }
routes: [{ name: all, on: "*", to: [{ sink: hook, body: { event: "{{ event.id }}", version: ${version} } }] }]
`;
}

function write(folder: string, receiver: StandIn, version: number): void {
  const file = join(folder, "relay.config.yaml");
  writeFileSync(`${file}.new`, yaml(receiver, version));
  renameSync(`${file}.new`, file);
}

/** As Kubernetes gives a ConfigMap a new version: a folder of its own, and the link `..data` to it swapped. */
function swap(folder: string, version: string, text: string): void {
  mkdirSync(join(folder, version));
  writeFileSync(join(folder, version, "relay.config.yaml"), text);
  symlinkSync(version, join(folder, "..data_tmp"));
  renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
}

async function lastReload(relay: RunningRelay): Promise<string | undefined> {
  return /^cal_relay_config_last_reload_successful (\d)$/m.exec((await relay.get("/metrics")).text)?.[1];
}

async function scene(): Promise<{ folder: string; receiver: StandIn; relay: RunningRelay }> {
  const folder = tempFolder();
  const receiver = await startStandIn(() => ({ status: 200, body: "ok" }));
  onTestFinished(() => receiver.close());
  write(folder, receiver, 0);
  return { folder, receiver, relay: await startProgram({ cwd: folder }) };
}

test(
  "reloading every 50 ms under load refuses nothing, loses nothing and doubles nothing",
  { timeout: 60_000 },
  async () => {
    const { folder, receiver, relay } = await scene();
    const versions = [0];
    const signals = setInterval(() => {
      write(folder, receiver, versions.push(versions.length) - 1);
      process.kill(relay.pid, "SIGHUP");
    }, 50);
    onTestFinished(() => clearInterval(signals));

    const accepted: string[] = [];
    let posted = 0;
    async function postOn(): Promise<void> {
      while (posted < EVENTS || versions.length < 10) {
        const { status, body } = await relay.post(`{"triggerEvent":"T${(posted += 1)}","payload":{}}`);
        expect(status).toBe(202);
        accepted.push(String(body["event"]));
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, postOn));
    clearInterval(signals);

    const received = (): { event: string; version: number }[] =>
      receiver.requests.map(({ body }) => JSON.parse(body) as { event: string; version: number });
    await vi.waitFor(() => expect(received().length).toBeGreaterThanOrEqual(accepted.length), { timeout: 20_000 });
    expect(
      received()
        .map(({ event }) => event)
        .toSorted(),
    ).toEqual(accepted.toSorted());
    // No message of one version went to the address of another.
    expect(receiver.requests.map(({ path }) => path)).toEqual(received().map((one) => `/${one.version}`));
    expect(new Set(received().map((one) => one.version)).size).toBeGreaterThan(3);
    expect((await relay.end("SIGTERM")).code).toBe(0);
  },
);

test("a bad file shows in the metric and the log, and the old rules go on", async () => {
  const { folder, receiver, relay } = await scene();
  writeFileSync(join(folder, "relay.config.yaml"), "sources: { cal: {} }\nrouts: []\n");
  await vi.waitFor(async () => expect(await lastReload(relay)).toBe("0"), { timeout: 10_000 });
  expect(relay.output()).toContain("relay.config.yaml:2:1  routs  ");
  expect((await relay.get("/readyz")).status).toBe(200);
  expect((await relay.post('{"triggerEvent":"T","payload":{}}')).status).toBe(202);
  await vi.waitFor(() => expect(receiver.requests).toMatchObject([{ path: "/0" }]), { timeout: 10_000 });
  write(folder, receiver, 1);
  await vi.waitFor(async () => expect(await lastReload(relay)).toBe("1"), { timeout: 10_000 });
});

test("a swapped link puts its good file in force, a bad one is refused, and the next good one is in force again", async () => {
  const folder = tempFolder();
  const receiver = await startStandIn(() => ({ status: 200, body: "ok" }));
  onTestFinished(() => receiver.close());
  swap(folder, "..2026_0", yaml(receiver, 0));
  symlinkSync("..data/relay.config.yaml", join(folder, "relay.config.yaml"));
  const relay = await startProgram({ cwd: folder });
  const delivered = async (path: string): Promise<void> => {
    const count = receiver.requests.length;
    expect((await relay.post('{"triggerEvent":"T","payload":{}}')).status).toBe(202);
    await vi.waitFor(() => expect(receiver.requests).toHaveLength(count + 1), { timeout: 10_000 });
    expect(receiver.requests.at(-1)).toMatchObject({ path });
  };
  const inForce = (version: number): Promise<void> =>
    vi.waitFor(() => delivered(`/${version}`), { timeout: 20_000, interval: 100 });

  await delivered("/0");
  swap(folder, "..2026_1", yaml(receiver, 1));
  await inForce(1);
  swap(folder, "..2026_2", "sources: { cal: {} }\nrouts: []\n");
  await vi.waitFor(async () => expect(await lastReload(relay)).toBe("0"), { timeout: 10_000 });
  await delivered("/1");
  swap(folder, "..2026_3", yaml(receiver, 3));
  await vi.waitFor(async () => expect(await lastReload(relay)).toBe("1"), { timeout: 10_000 });
  await delivered("/3");
});
