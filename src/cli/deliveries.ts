import { Option, type Command } from "commander";
import type { Config } from "../config/config.ts";
import type { Attempt, Delivery, DeliveryState, Hold, CommandLedger } from "../ledger/ledger.ts";
import {
  colour,
  command,
  limitArgument,
  print,
  printJson,
  sinceArgument,
  stop,
  withRecord,
  type CommonOptions,
} from "./io.ts";
import { didYouMean } from "../sdk/suggest.ts";
import { heldBecause } from "./sinks.ts";
import { printList, span, stateColour, time } from "./table.ts";

interface ListOptions extends CommonOptions {
  readonly state?: DeliveryState;
  readonly sink?: string;
  readonly since?: number;
  readonly limit: number;
}

const STATES: readonly DeliveryState[] = ["waiting", "running", "delivered", "dead", "skipped"];

export function deliveries(): Command {
  return command("deliveries", "events on their way to sinks, newest first")
    .addOption(new Option("--state <state>", "only this state").choices(STATES))
    .option("--sink <name>", "only this sink")
    .option("--since <time>", "accepted since: a duration such as 1d, or an ISO time", sinceArgument)
    .option("--limit <n>", "at most so many", limitArgument, 50)
    .action((options: ListOptions) =>
      withRecord(options, async (ledger, config) => {
        await expectSink(ledger, config, options.sink);
        const [found, holds] = await Promise.all([ledger.deliveries(options), ledger.holds()]);
        const row = (delivery: Delivery): string[] => rowOf(delivery, holds);
        const header = ["DELIVERY", "ACCEPTED", "TRIGGER", "ROUTE", "SINK", "STATE", "TRIES", "REASON"];
        printList(found, { json: options.json === true, none: "no deliveries", header, row });
      }),
    )
    .addCommand(show().exitOverride());
}

/** A name that neither the configuration nor the ledger knows is a slip, and no empty list. */
async function expectSink(ledger: CommandLedger, config: Config | null, sink: string | undefined): Promise<void> {
  if (sink === undefined) return;
  const configured = config?.sinks.map(({ name }) => name) ?? [];
  const names = [...new Set([...configured, ...(await ledger.backlog()).map((one) => one.sink)])];
  if (!names.includes(sink)) stop(`no sink "${sink}"${didYouMean(sink, names) || `; there are ${names.join(", ")}`}`);
}

function rowOf(delivery: Delivery, holds: readonly Hold[]): string[] {
  const { id, acceptedAt, trigger, route, sink, state, attempts } = delivery;
  const why = whyOf(delivery, holds);
  return [id, time(acceptedAt), trigger ?? "(none)", route, sink, stateColour(state), String(attempts), why];
}

/** What the last try came to, and what is waited for. */
function whyOf({ state, dueAt, reason, sink }: Delivery, holds: readonly Hold[]): string {
  const ms = dueAt - Date.now();
  const held = state === "waiting" ? heldBecause(holds, sink) : undefined;
  const next = state === "waiting" && ms > 0 ? `next try in ${span(ms)}` : null;
  return [reason, held === undefined ? next : `held, ${held}`].filter((part) => part !== null).join("; ");
}

function show(): Command {
  return command("show DELIVERY", "one delivery: every try, what was sent, what came back")
    .argument("<delivery>", "its id")
    .action((id: string, _own: CommonOptions, self: Command) => {
      // Options of both are read by the command above, wherever they stand.
      const options = self.optsWithGlobals<CommonOptions>();
      return withRecord(options, async (ledger) => {
        const delivery = await ledger.delivery(id);
        if (delivery === null) return stop(`no delivery ${id}`);
        const attempts = await ledger.attempts(id);
        if (options.json) return printJson({ ...delivery, attempts });
        const why = whyOf(delivery, await ledger.holds());
        print(
          `${colour("bold", delivery.id)}  ${delivery.trigger ?? "(no trigger)"} → ${delivery.target}  ${stateColour(delivery.state)}`,
        );
        print(`event ${delivery.event}  booking ${delivery.bookingKey}${why === "" ? "" : `\n${why}`}`);
        for (const [index, attempt] of attempts.entries()) printAttempt(attempt, index + 1);
      });
    });
}

/** `nth` counts on where a person has put the delivery back, and its retry time begun anew. */
function printAttempt({ startedAt, durationMs, outcome, reason, message, answer }: Attempt, nth: number): void {
  print(`\n${colour("bold", `try ${nth}`)}  ${time(startedAt)}  ${outcome}  ${Math.round(durationMs)} ms`);
  if (reason !== null) print(`  why      ${reason}`);
  print(`  message  ${indent(message)}`);
  if (answer !== null) print(`  answer   ${indent(answer)}`);
}

function indent(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", "\n  ");
}
