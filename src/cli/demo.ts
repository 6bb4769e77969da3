import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { startRelay, type Relay } from "../app.ts";
import { sample } from "../cal/samples.ts";
import { PING, TRIGGERS } from "../cal/triggers.ts";
import type { Config } from "../config/config.ts";
import type { Delivery, WorkLedger } from "../ledger/ledger.ts";
import { createMask, type Mask } from "../observe/mask.ts";
import { ownConfigFile } from "./about.ts";
import { command, print, printJson, requireConfig, stop, type CommonOptions } from "./io.ts";
import { messageHead, messageLines, shownMessage, type ShownMessage } from "./message.ts";
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
    .action(async (options: CommonOptions & { exit?: true }, self: Command) => {
      const isOwn = self.getOptionValueSource("config") === "default" && !existsSync(options.config);
      const config = await (isOwn ? ownConfig() : requireConfig(options));
      const home = process.cwd();
      const folder = mkdtempSync(join(tmpdir(), "cal-relay-demo-"));
      // What its sinks write goes there too.
      if (isOwn) process.chdir(folder);
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
        process.chdir(home);
        rmSync(folder, { recursive: true, force: true });
      }
    });
}

/** The configuration that comes with the relay. It gets no credentials: nobody here has asked for samples in a channel of theirs. */
function ownConfig(): Promise<Config> {
  process.stderr.write(
    "cal-relay: no relay.config.yaml here; this is the one that comes with Cal Relay, without credentials. `init` writes your own\n",
  );
  return requireConfig({ config: ownConfigFile() }, { env: {} });
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
  const mask = createMask(config.secrets);
  for (const { name } of config.sinks) {
    const delivery = shown.flatMap(({ deliveries }) => deliveries).find(({ sink }) => sink === name);
    const message = delivery && (await messageOf(delivery, config, ledger, mask));
    if (message === undefined) continue;
    print(`\n${messageHead(message, config)}  ${delivery?.trigger ?? ""}`);
    print(beginning(messageLines(message)));
  }
}

/** The message of a delivery, as it is read; undefined where the record no longer has its event. */
async function messageOf(
  { event: id, target: name }: Delivery,
  config: Config,
  ledger: WorkLedger,
  mask: Mask,
): Promise<ShownMessage | undefined> {
  const stored = await ledger.event(id);
  const route = config.routes.find(({ targets }) => targets.some((one) => one.id === name));
  const target = route?.targets.find((one) => one.id === name);
  return route && target && stored ? shownMessage(config, route.name, target, stored.event, mask) : undefined;
}

/** Enough of a message to see what it is. */
function beginning(lines: readonly string[]): string {
  const more = lines.length - MESSAGE_LINES;
  return [...lines.slice(0, MESSAGE_LINES), ...(more > 0 ? [`  … ${more} lines more`] : [])].join("\n");
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
