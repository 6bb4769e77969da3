import type { Command } from "commander";
import type { StoredEvent } from "../ledger/ledger.ts";
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
import { printList, stateColour, table, time } from "./table.ts";

interface ListOptions extends CommonOptions {
  readonly trigger?: string;
  readonly source?: string;
  readonly since?: number;
  readonly limit: number;
}

export function events(): Command {
  return command("events", "the webhooks that were accepted, newest first")
    .option("--trigger <name>", "only this trigger")
    .option("--source <name>", "only this source")
    .option("--since <time>", "a duration such as 1d, or an ISO time", sinceArgument)
    .option("--limit <n>", "at most so many", limitArgument, 50)
    .action((options: ListOptions) =>
      withRecord(options, async (ledger) => {
        const found = await ledger.events(options);
        const header = ["EVENT", "RECEIVED", "SOURCE", "TRIGGER", "BOOKING", "ROUTES"];
        printList(found, { json: options.json === true, none: "no events", header, row });
      }),
    )
    .addCommand(show().exitOverride());
}

function row({ event, bookingKey, verdicts }: StoredEvent): string[] {
  const routes = verdicts.filter(({ matched }) => matched).map(({ route }) => route);
  const key = bookingKey === event.id ? "-" : bookingKey;
  return [
    event.id,
    time(Date.parse(event.receivedAt)),
    event.source,
    event.trigger ?? "(none)",
    key,
    routes.join(", ") || "(none)",
  ];
}

function show(): Command {
  return command("show EVENT", "one event: what came, what each route said, where it went")
    .argument("<event>", "its id")
    .action((id: string, _own: CommonOptions, self: Command) => {
      // Options of both are read by the command above, wherever they stand.
      const options = self.optsWithGlobals<CommonOptions>();
      return withRecord(options, async (ledger) => {
        const stored = await ledger.event(id);
        if (stored === null) return stop(`no event ${id}`);
        const deliveries = await ledger.deliveries({ event: id, limit: 1000 });
        if (options.json) return printJson({ ...stored, deliveries });
        const { event, verdicts } = stored;
        print(
          `${colour("bold", event.id)}  ${event.trigger ?? "(no trigger)"}  from ${event.source}  at ${event.receivedAt}`,
        );
        for (const drift of event.drift) print(`${colour("yellow", "drift")}  ${drift}`);
        print(
          table(
            ["ROUTE", "VERDICT"],
            verdicts.map(({ route, matched, reason }) => [route, matched ? "matched" : (reason?.text ?? "no")]),
          ),
        );
        if (deliveries.length > 0) {
          print(
            table(
              ["DELIVERY", "SINK", "STATE", "REASON"],
              deliveries.map((d) => [d.id, d.sink, stateColour(d.state), d.reason ?? ""]),
            ),
          );
        }
        print(`booking ${JSON.stringify(event.booking, null, 2)}`);
        print(`payload ${JSON.stringify(event.payload, null, 2)}`);
      });
    });
}
