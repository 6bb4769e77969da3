import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { sample } from "../../src/cal/samples.ts";
import { runProgram, startProgram } from "../support/program.ts";
import { startStandIn, type StandIn } from "../../src/sdk/testing/stand-in.ts";
import { tempFolder } from "../support/temp.ts";

// Promise: everything is on record. What is kept: test/promises/everything-is-on-record.test.ts. Here is how people get to see it.

const SECRET = "canary-of-a-header";
const CREATED = { body: "BOOKING_CREATED" };

/** Somebody who fails once, refuses and limits, by the path. */
async function vendor(): Promise<StandIn> {
  const server = await startStandIn(() => ({ status: 200, body: "taken" }));
  onTestFinished(() => server.close());
  const answer = (path: string, status: number, body: string, headers: Record<string, string> = {}): void =>
    server.misbehave({ kind: "answer", status, body, headers }, (request) => request.path === path);
  answer("/retried", 503, "not yet");
  answer("/refused", 422, `no such field: ${SECRET}`);
  answer("/limited", 429, "slowly", { "retry-after": "3600" });
  return server;
}

function configuration(folder: string, url: string): string {
  const hooks = ["retried", "refused", "limited", "paused"];
  const sinks = hooks.map(
    (name) =>
      `  ${name}: { type: webhook, url: "${url}/${name}", headers: { x-key: ${SECRET} }, allowPrivateNetwork: true }`,
  );
  return `
server: { host: 127.0.0.1, port: 0 }
storage: sqlite:${folder}/relay.db
defaults: { retry: { first: 1ms, max: 1ms, for: 1h } }
sources: { cal: { secret: e2e-secret } }
sinks:
${sinks.join("\n")}
  dry: { type: slack, token: "\${UNSET_TOKEN}", optional: true }
routes:
  - name: created
    on: BOOKING_CREATED
    to:
${hooks.map((sink) => `      - { sink: ${sink}, body: "{{ trigger }}" }`).join("\n")}
      - { sink: dry, channel: "#sales", text: "{{ trigger }}" }
  - { name: long-ones, on: BOOKING_CANCELLED, filter: { booking.minutes: { $gt: 240 } }, to: [{ sink: retried }] }
`;
}

test("the commands show every try, verdict and hold, also once the relay has stopped, and no secret", async () => {
  const cwd = tempFolder();
  writeFileSync(join(cwd, "relay.config.yaml"), configuration(cwd, (await vendor()).url));
  const command = async (...args: string[]): Promise<string> => (await runProgram(args, { cwd })).stdout;
  const relay = await startProgram({ cwd });
  await command("pause", "paused", "--reason", "moving house");
  await vi.waitFor(() => expect(relay.output()).toContain('"msg":"sink held by a person"'), { timeout: 10_000 });
  const [created, unwanted] = [
    await relay.post(sample("BOOKING_CREATED")),
    await relay.post(sample("BOOKING_CANCELLED")),
  ].map(({ body }) => String(body["event"]));
  await vi.waitFor(
    async () => {
      const { text } = await relay.get("/metrics");
      for (const [sink, state] of Object.entries({ retried: "delivered", refused: "dead", dry: "skipped" }))
        expect(text).toContain(`cal_relay_deliveries{sink="${sink}",state="${state}"} 1`);
      for (const [sink, kind] of Object.entries({ limited: "rate-limited", paused: "paused" }))
        expect(text).toContain(`cal_relay_sink_held{sink="${sink}",kind="${kind}"} 1`);
    },
    { timeout: 10_000 },
  );
  await relay.end("SIGTERM");

  const ids = [1, 2, 3, 5].map((place) => `${created?.replace("evt_", "dlv_")}-${place}`);
  const [records, refused, verdicts, sinks] = await Promise.all([
    Promise.all(ids.map((id) => command("deliveries", "show", id, "--json"))),
    command("deliveries", "show", ids[1] ?? ""),
    command("events", "show", unwanted ?? ""),
    command("sinks"),
  ]);
  expect(records.map((record) => (JSON.parse(record) as { attempts: unknown }).attempts)).toMatchObject([
    [
      { number: 1, outcome: "unavailable", message: CREATED, answer: { status: 503, body: "not yet" } },
      { number: 2, outcome: "delivered", message: CREATED, answer: { answer: { status: 200, body: "taken" } } },
    ],
    [{ outcome: "rejected", message: CREATED, answer: { status: 422 }, reason: "HTTP 422" }],
    [{ outcome: "rate-limited", message: CREATED, answer: { status: 429, body: "slowly" } }],
    [{ outcome: "dry-run", answer: null, reason: "dry run: UNSET_TOKEN not set" }],
  ]);
  expect(refused).toMatch(
    /try 1 .* rejected {2}\d+ ms\n {2}why {6}HTTP 422\n {2}message {2}\{\n {4}"body": "BOOKING_C/,
  );
  expect(refused).toContain("no such field: ***");
  expect(verdicts).toMatch(/created +.*BOOKING_CREATED[^]*long-ones +.*booking\.minutes/);
  expect(sinks).toMatch(/paused +webhook +held +1 .*paused: moving house/);
  expect(sinks).toMatch(/limited +webhook +held +1 .*rate-limited: HTTP 429; next try in/);
  expect([...records, refused, verdicts, sinks, relay.output()].join("\n")).not.toContain(SECRET);
}, 60_000);

test("events show and deliveries show take --json and --config like any command, before and after", async () => {
  const cwd = tempFolder();
  writeFileSync(join(cwd, "relay.config.yaml"), configuration(cwd, (await vendor()).url));
  const relay = await startProgram({ cwd });
  const { body } = await relay.post(sample("BOOKING_CREATED"));
  await relay.end("SIGTERM");
  const event = String(body["event"]);
  const common = ["--config", join(cwd, "relay.config.yaml"), "--json"];
  const elsewhere = { cwd: tempFolder() };
  const shown = await Promise.all(
    [
      ["events", "show", event, ...common],
      ["events", ...common, "show", event],
      ["deliveries", "show", `${event.replace("evt_", "dlv_")}-4`, ...common],
    ].map((args) => runProgram(args, elsewhere)),
  );
  for (const { stdout } of shown) expect(JSON.parse(stdout)).toMatchObject({ bookingKey: expect.any(String) });
}, 60_000);

test("a person can look, and hold a sink, while the configuration is half edited", async () => {
  const cwd = tempFolder();
  const file = join(cwd, "relay.config.yaml");
  const text = configuration(cwd, (await vendor()).url);
  writeFileSync(file, text);
  const relay = await startProgram({ cwd });
  const { body } = await relay.post(sample("BOOKING_CREATED"));
  await relay.end("SIGTERM");
  // Its receiver asks to wait for an hour, so that it waits however far the relay got.
  const delivery = `${String(body["event"]).replace("evt_", "dlv_")}-3`;
  const slips = await Promise.all([
    runProgram(["deliveries", "--sink", "limted"], { cwd }),
    runProgram(["retry", "dlv_none"], { cwd }),
  ]);
  expect(slips.map(({ code, stderr }) => [code, stderr])).toEqual([
    [1, 'cal-relay: no sink "limted"; did you mean limited?\n'],
    [1, expect.stringContaining("no delivery dlv_none\n")],
  ]);

  writeFileSync(file, text.replace("BOOKING_CANCELLED", "BOOKING_CANCELED"));
  const said = "cal-relay: relay.config.yaml has problems; `check` tells them\n";
  expect(await runProgram(["pause", "limited"], { cwd })).toMatchObject({ code: 0, stderr: said });
  const shown = await runProgram(["deliveries", "show", delivery], { cwd });
  expect(shown).toMatchObject({
    code: 0,
    stderr: said,
    stdout: expect.stringContaining("held, paused: paused by a person"),
  });
}, 60_000);
