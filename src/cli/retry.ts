import { Option, type Command } from "commander";
import type { CommandLedger, RetrySelection } from "../ledger/ledger.ts";
import { command, print, printJson, sinceArgument, Stopped, withRecord, type CommonOptions } from "./io.ts";
import { countedDeliveries, createProgress } from "./progress.ts";

interface RetryOptions extends CommonOptions {
  readonly state?: "dead" | "skipped" | "delivered";
  readonly sink?: string;
  readonly since?: number;
}

export function retry(): Command {
  const self = command(
    "retry DELIVERY… | --state dead [--sink S] [--since T]",
    "put settled deliveries back; they render with the configuration of now",
  );
  return self
    .argument("[delivery...]", "their ids")
    .addOption(new Option("--state <state>", "all in this state").choices(["dead", "skipped", "delivered"]))
    .option("--sink <name>", "only this sink")
    .option("--since <time>", "accepted since: a duration such as 1d, or an ISO time", sinceArgument)
    .action((ids: string[], options: RetryOptions) => {
      if (ids.length === 0 && options.state === undefined)
        self.error("name deliveries, or --state dead, skipped or delivered");
      if (ids.length > 0 && (options.state ?? options.sink ?? options.since) !== undefined)
        self.error("name deliveries or --state, not both");
      return withRecord(options, async (ledger) => {
        const { state, sink, since } = options;
        const left = await notSettled(ledger, ids);
        const selection: RetrySelection = state === undefined ? { ids } : { state, sink, since };
        const count = await ledger.retry(
          selection,
          createProgress((total) => `putting back ${countedDeliveries(total)}`),
        );
        if (options.json) printJson({ retried: count });
        else print(`${countedDeliveries(count)} put back`);
        for (const line of left) process.stderr.write(`cal-relay: ${line}\n`);
        if (left.length > 0) throw new Stopped(1);
      });
    });
}

/** Why some of those that were named cannot be put back. */
async function notSettled(ledger: CommandLedger, ids: readonly string[]): Promise<string[]> {
  const found = await Promise.all(ids.map(async (id) => ({ id, delivery: await ledger.delivery(id) })));
  return found.flatMap(({ id, delivery }) => {
    if (delivery === null) return [`no delivery ${id}`];
    if (delivery.state !== "waiting" && delivery.state !== "running") return [];
    return [`${id} is ${delivery.state}: it is tried by itself; \`deliveries show ${id}\` tells when`];
  });
}
