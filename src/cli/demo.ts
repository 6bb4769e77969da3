import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { startRelay, type Relay } from "../app.ts";
import { sample } from "../cal/samples.ts";
import { PING, TRIGGERS } from "../cal/triggers.ts";
import type { Config } from "../config/config.ts";
import type { Delivery, WorkLedger } from "../ledger/ledger.ts";
import { colour, command, print, printJson, requireConfig, stop, type CommonOptions } from "./io.ts";
import { post, type Answered } from "./send.ts";
import { untilSignal } from "./start.ts";
import { stateColour, table } from "./table.ts";

interface Shown {
  readonly trigger: string;
  readonly answer: Answered;
  readonly deliveries: readonly Delivery[];
}

const SETTLED_WITHIN_MS = 10_000;
const MESSAGE_LINES = 24;

export function demo(): Command {
  return command("demo", "a relay on a scratch ledger, one signed sample of every trigger, and what went where")
    .option("--exit", "end after the table")
    .action(async (options: CommonOptions & { exit?: true }) => {
      const config = await requireConfig(options);
      const folder = mkdtempSync(join(tmpdir(), "cal-relay-demo-"));
      const server = { ...config.server, host: "127.0.0.1", port: 0 };
      const relay = await startRelay({
        config: { ...config, server, storage: `sqlite:${join(folder, "demo.db")}` },
        level: "silent",
      });
      try {
        const shown = await sendAll(config, relay);
        if (options.json) printJson(shown);
        else await printAll(shown, config, relay);
        if (options.exit) return;
        print(`\nThe demo relay stays up at http://127.0.0.1:${relay.port}; Ctrl-C ends it.`);
        await untilSignal();
      } finally {
        await relay.close();
        rmSync(folder, { recursive: true, force: true });
      }
    });
}

async function sendAll(config: Config, relay: Relay): Promise<readonly Shown[]> {
  const [source] = config.sources;
  if (source === undefined) return stop("the configuration has no source");
  const secret = source.secrets[0] ?? relay.generated.get(source.name);
  const url = `http://127.0.0.1:${relay.port}/hooks/${source.name}`;
  const sent: { trigger: string; answer: Answered }[] = [];
  for (const trigger of [PING, ...TRIGGERS]) sent.push({ trigger, answer: await post(url, sample(trigger), secret) });
  await settled(relay.ledger);
  return Promise.all(
    sent.map(async ({ trigger, answer }) => ({
      trigger,
      answer,
      deliveries: (await relay.ledger.deliveries({ event: eventOf(answer), limit: 100 })).toReversed(),
    })),
  );
}

/** Until nothing is under way, or for as long as someone would watch: a sink that does not answer is tried again later. */
async function settled(ledger: WorkLedger): Promise<void> {
  const end = Date.now() + SETTLED_WITHIN_MS;
  while (Date.now() < end) {
    const backlog = await ledger.backlog();
    if (!backlog.some(({ state }) => state === "waiting" || state === "running")) return;
    await sleep(50);
  }
}

async function printAll(shown: readonly Shown[], config: Config, { ledger }: Relay): Promise<void> {
  const rows = shown.flatMap(({ trigger, answer, deliveries }) => {
    const status = `${answer.status} ${statusOf(answer)}`;
    if (deliveries.length === 0) return [[trigger, status, "(no route)", "", ""]];
    return deliveries.map(({ route, sink, state, reason }, index) => [
      index === 0 ? trigger : "",
      index === 0 ? status : "",
      route,
      sink,
      `${stateColour(state)}${reason === null ? "" : ` (${reason})`}`,
    ]);
  });
  print(table(["TRIGGER", "ANSWER", "ROUTE", "SINK", "OUTCOME"], rows));
  for (const { name, plugin } of config.sinks) {
    const delivery = shown.flatMap(({ deliveries }) => deliveries).find(({ sink }) => sink === name);
    if (delivery === undefined) continue;
    const message = (await ledger.attempts(delivery.id)).at(-1)?.message ?? null;
    print(`\n${colour("bold", `${plugin.title}, to ${name}`)}  ${delivery.trigger ?? ""}`);
    print(beginning(message));
  }
}

/** Enough of a message to see what it is. */
function beginning(message: unknown): string {
  if (typeof message === "object" && message !== null && Object.keys(message).length === 0) return "the whole event";
  const lines = JSON.stringify(message, null, 2).split("\n");
  const shown = lines.slice(0, MESSAGE_LINES);
  return lines.length === shown.length
    ? shown.join("\n")
    : `${shown.join("\n")}\n  … ${lines.length - shown.length} lines more`;
}

function eventOf({ body }: Answered): string {
  return field(body, "event");
}

function statusOf({ body }: Answered): string {
  return field(body, "status") || field(body, "error");
}

function field(body: unknown, name: string): string {
  if (typeof body !== "object" || body === null) return "";
  const value: unknown = Object.getOwnPropertyDescriptor(body, name)?.value;
  return typeof value === "string" ? value : "";
}
