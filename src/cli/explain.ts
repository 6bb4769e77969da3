import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import type { Verdict } from "../event.ts";
import { matchRoutes } from "../routing/match.ts";
import { eventCommand, requireEvent, type EventOptions, type GivenEvent } from "./event-argument.ts";
import { eventHead } from "./event-head.ts";
import { colour, print, printJson, requireConfig, Stopped } from "./io.ts";
import { printable } from "./printable.ts";
import { judge, type Judgement } from "./refusal.ts";
import { table } from "./table.ts";

interface ExplainOptions extends EventOptions {
  readonly signature?: string;
}

/** A route's verdict with where its messages go. */
interface Explained extends Verdict {
  readonly sinks: readonly string[];
}

export function explain(): Command {
  const self = eventCommand(
    "explain EVENT",
    "what each route says of an event, with the first condition that failed and the value it saw",
  );
  return self
    .option(
      "--signature <hex>",
      "of a file: the value of its X-Cal-Signature-256, or `absent`; says whether its source would take it",
    )
    .action(async (what: string, options: ExplainOptions) => {
      const config = await requireConfig(options);
      const given = await requireEvent(self, what, config, options);
      const { event, stored } = given;
      if (stored !== null && options.signature !== undefined)
        self.error("--signature is for files: a stored event was taken");
      const { source } = event;
      const judgement =
        stored === null ? await judge(config, { source, body: given.body, signature: options.signature }) : null;
      if (options.json) printJson(asJson(given, judgement, config));
      else print(eventHead(event, stored !== null));
      if (judgement?.isRefused) return refuse(judgement);
      if (!options.json) printVerdicts(given, config, judgement);
    });
}

function asJson({ event, stored }: GivenEvent, judgement: Judgement | null, config: Config): object {
  const { id, trigger, source, createdAt, booking, drift } = event;
  return {
    event: { id, trigger, source, createdAt, booking: { key: booking.key, title: booking.title }, drift },
    refused: judgement?.isRefused ? { ...judgement.answer.body, hints: judgement.hints } : null,
    verdicts: judgement?.isRefused ? [] : verdictsNow(config, event),
    ...(stored !== null && { stored: verdictsThen(stored) }),
  };
}

function refuse({ answer, hints }: Judgement & { isRefused: true }): never {
  const { status, body } = answer;
  process.stderr.write(`cal-relay: refused with ${status}: ${body["message"]}\n`);
  for (const hint of hints) process.stderr.write(`  ${hint}\n`);
  throw new Stopped(1);
}

function printVerdicts({ event, stored }: GivenEvent, config: Config, judgement: Judgement | null): void {
  if (judgement?.isRefused === false && judgement.signature !== null)
    print(`${colour("green", "taken")}  its signature is ${judgement.signature}`);
  const now = verdictsNow(config, event);
  const then = stored === null ? now : verdictsThen(stored);
  if (now.length + then.length > 0) print(`\n${isSame(now, then) ? list(now) : comparison(then, now)}`);
  if (![...now, ...then].some(({ matched }) => matched)) print("\nno route takes it: it is kept, and goes nowhere");
}

function verdictsNow({ routes }: Config, event: GivenEvent["event"]): readonly Explained[] {
  return matchRoutes(routes, event).verdicts.map((verdict, index) => ({
    ...verdict,
    sinks: verdict.matched ? (routes[index]?.targets.map(({ sink }) => sink) ?? []) : [],
  }));
}

/** What was decided when it was accepted, with where its deliveries went, a replay's included. */
function verdictsThen({ verdicts, deliveries }: NonNullable<GivenEvent["stored"]>): readonly Explained[] {
  return verdicts.map((verdict) => ({
    ...verdict,
    sinks: [
      ...new Set(
        deliveries
          .toReversed()
          .filter(({ route }) => verdict.matched && route === verdict.route)
          .map(({ sink }) => sink),
      ),
    ],
  }));
}

function list(verdicts: readonly Explained[]): string {
  const rows = verdicts.map((one) => [one.route, told(one)]);
  return table(["ROUTE", "VERDICT"], rows);
}

/** Beside each other: what was decided, and what the configuration of now says. */
function comparison(then: readonly Explained[], now: readonly Explained[]): string {
  const names = [...new Set([...now, ...then].map(({ route }) => route))];
  const rows = names.map((name) => {
    const [before, after] = [then, now].map((all) => all.find(({ route }) => route === name));
    return [name, before ? told(before) : "(no such route yet)", after ? told(after) : "(no such route any more)"];
  });
  return table(["ROUTE", "WHEN IT CAME", "NOW"], rows);
}

function isSame(now: readonly Explained[], then: readonly Explained[]): boolean {
  return (
    JSON.stringify(now.map(told)) === JSON.stringify(then.map(told)) &&
    now.every(({ route }, at) => route === then[at]?.route)
  );
}

function told({ matched, reason, sinks }: Explained): string {
  if (!matched) return printable(reason?.text ?? "no");
  return `${colour("green", "matched")}${sinks.length === 0 ? "" : ` → ${[...new Set(sinks)].join(", ")}`}`;
}
