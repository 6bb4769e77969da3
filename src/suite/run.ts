import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccept, type Accept } from "../accept.ts";
import { sign } from "../cal/signature.ts";
import type { Config } from "../config/config.ts";
import { messageOrProblem } from "../delivery/message.ts";
import { asJson } from "../delivery/recorded.ts";
import type { Event } from "../event.ts";
import type { Delivery, Ledger } from "../ledger/ledger.ts";
import { openSqliteLedger } from "../ledger/sqlite/open.ts";
import { compare } from "./compare.ts";
import type { Failure } from "./failure.ts";
import type { Outcome, OutgoingMessage } from "./outcome.ts";
import type { Suite, SuiteEvent, SuiteTest } from "./suite.ts";

/** More than a route can have targets. */
const ALL = 1_000_000;

/** Runs one test on an empty ledger of its own, as a relay with the suite's configuration and clock would. Sends nothing. */
export async function runTest(suite: Suite, test: SuiteTest): Promise<readonly Failure[]> {
  const folder = mkdtempSync(join(tmpdir(), "cal-relay-suite-"));
  const now = (): number => suite.clock.at;
  suite.clock.at = test.startsAt;
  try {
    const ledger = await openSqliteLedger({ file: join(folder, "suite.db"), now, mode: "beside" });
    try {
      return await runEvents(suite, test, ledger);
    } finally {
      await ledger.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runEvents({ config, clock }: Suite, { events }: SuiteTest, ledger: Ledger): Promise<Failure[]> {
  const sources = new Map(events.map(({ source }) => [source.name, source]));
  const failures: Failure[] = [];
  for (const [index, event] of events.entries()) {
    const number = index + 1;
    clock.at += event.afterMs;
    const accept = createAccept({
      ledger,
      sources: () => sources,
      routes: () => config.routes,
      now: () => clock.at,
      newEventId: () => `evt_${number}`,
    });
    const outcome = await outcomeOf(event, accept, ledger, config);
    failures.push(...compare(event, outcome, config).map((one) => ({ event: number, name: event.name, ...one })));
  }
  return failures;
}

async function outcomeOf(
  { body, source }: SuiteEvent,
  accept: Accept,
  ledger: Ledger,
  config: Config,
): Promise<Outcome> {
  const bytes = Buffer.from(body);
  const accepted = await accept({ source: source.name, body: bytes, signature: sign(bytes, source.secrets[0] ?? "") });
  const { status } = accepted;
  if (accepted.status === "refused" || accepted.status === "duplicate") return { status, verdicts: [], messages: [] };
  const stored = await ledger.event(accepted.event);
  if (stored === null) throw new Error(`the ledger does not have ${accepted.event}`);
  const deliveries = await ledger.deliveries({ event: accepted.event, limit: ALL });
  // The record lists what came last first.
  const messages = deliveries.toReversed().map((delivery) => outgoing(delivery, stored.event, config));
  return { status, verdicts: stored.verdicts, messages };
}

function outgoing(
  { route: name, target: id, sink }: Delivery,
  event: Event,
  { routes, sinks }: Config,
): OutgoingMessage {
  const head = { target: id, sink };
  const route = routes.find((one) => one.name === name);
  const target = route?.targets.find((one) => one.id === id);
  const plugin = sinks.find((one) => one.name === sink)?.plugin;
  if (target === undefined || plugin === undefined) throw new Error(`the configuration has no target ${id}`);
  const rendered = messageOrProblem(plugin, name, target.template, event);
  if ("problem" in rendered) return { ...head, ...rendered };
  try {
    return { ...head, message: asJson(rendered.message) };
  } catch {
    return { ...head, problem: "the message cannot be written as JSON, and so not be kept on record" };
  }
}
