import { Option, type Command } from "commander";
import type { RetrySelection } from "../ledger/ledger.ts";
import { command, print, printJson, sinceArgument, withLedger, type CommonOptions } from "./io.ts";
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
      return withLedger(options, async (ledger) => {
        const { state, sink, since } = options;
        const selection: RetrySelection = state === undefined ? { ids } : { state, sink, since };
        const count = await ledger.retry(
          selection,
          createProgress((total) => `putting back ${countedDeliveries(total)}`),
        );
        if (options.json) printJson({ retried: count });
        else print(`${countedDeliveries(count)} put back`);
        if (count < ids.length)
          process.stderr.write(`cal-relay: ${ids.length - count} of them are unknown or not settled\n`);
      });
    });
}
