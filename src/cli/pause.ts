import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import { didYouMean } from "../sdk/suggest.ts";
import { command, print, printJson, stop, withRecord, type CommonOptions } from "./io.ts";

export function pause(): Command {
  return command("pause SINK", "hold a sink; its deliveries wait, nothing is lost")
    .argument("<sink>", "its name")
    .option("--reason <text>", "why, shown by `sinks`", "paused by a person")
    .action((sink: string, options: CommonOptions & { reason: string }) =>
      withRecord(options, async (ledger, config) => {
        requireSink(config, sink);
        await ledger.hold({
          sink,
          by: "person",
          kind: "paused",
          reason: options.reason,
          since: Date.now(),
          until: null,
        });
        if (options.json) printJson({ sink, paused: true });
        else print(`${sink} is paused; \`resume ${sink}\` lets it go on`);
      }),
    );
}

export function resume(): Command {
  return command("resume SINK", "lift every hold of a sink and try at once")
    .argument("<sink>", "its name")
    .action((sink: string, options: CommonOptions) =>
      withRecord(options, async (ledger, config) => {
        requireSink(config, sink);
        const lifted = [await ledger.lift(sink, "person"), await ledger.lift(sink, "relay")].some(Boolean);
        if (options.json) printJson({ sink, resumed: lifted });
        else print(lifted ? `${sink} goes on` : `${sink} was not held`);
      }),
    );
}

function requireSink(config: Config | null, name: string): void {
  if (config === null || config.sinks.some((sink) => sink.name === name)) return;
  const names = config.sinks.map((sink) => sink.name);
  stop(`no sink "${name}"${didYouMean(name, names) || `; there are ${names.join(", ")}`}`);
}
