import type { Command } from "commander";
import { routeEvent } from "../accept.ts";
import { PING } from "../cal/triggers.ts";
import type { Config } from "../config/config.ts";
import type { CommandLedger, Replay, StoredEvent } from "../ledger/ledger.ts";
import { command, expectRoute, print, printJson, sinceArgument, stop, withLedger, type CommonOptions } from "./io.ts";
import { countedDeliveries, createProgress } from "./progress.ts";

interface ReplayOptions extends CommonOptions {
  readonly since?: number;
  readonly route?: string;
}

/** Events read and committed at a time: what is in memory is bounded, and webhooks are accepted in between. */
const CHUNK = 100;

export function replay(): Command {
  const self = command(
    "replay EVENT… | --since T [--route R]",
    "route stored events again under the configuration of now; each time makes new deliveries",
  );
  return self
    .argument("[event...]", "their ids")
    .option("--since <time>", "received since: a duration such as 1d, or an ISO time", sinceArgument)
    .option("--route <name>", "only this route's deliveries")
    .action((named: string[], options: ReplayOptions) => {
      const { since, route } = options;
      if ((named.length === 0) === (since === undefined)) self.error("name either events or --since");
      return withLedger(options, async (ledger, config) => {
        expectRoute(config, route);
        const ids = since === undefined ? await known(ledger, named) : await ledger.receivedSince(since);
        const deliveries = await replayAll(ledger, config, ids, route);
        if (options.json) printJson({ events: ids.length, deliveries });
        else print(`${countedDeliveries(deliveries)} made`);
      });
    });
}

/** In the order of receipt, which ids sort by. Nothing is replayed where one of them cannot be. */
async function known(ledger: CommandLedger, named: readonly string[]): Promise<readonly string[]> {
  const ids = [...new Set(named)].toSorted();
  for (const id of ids) {
    const stored = await ledger.event(id);
    if (stored === null) stop(`no event ${id}; nothing was replayed`);
    if (stored.event.trigger === PING) stop(`${id} is a PING, which is never routed; nothing was replayed`);
  }
  return ids;
}

/** Oldest first. Returns how many deliveries were made. */
async function replayAll(
  ledger: CommandLedger,
  config: Config,
  ids: readonly string[],
  route: string | undefined,
): Promise<number> {
  const progress = createProgress((total) => `replaying ${total} ${total === 1 ? "event" : "events"}`);
  let count = 0;
  progress(0, ids.length);
  for (let from = 0; from < ids.length; from += CHUNK) {
    const chunk = ids.slice(from, from + CHUNK);
    const stored = await Promise.all(chunk.map((id) => ledger.event(id)));
    count += await ledger.replay(stored.flatMap((one) => (one === null ? [] : replayOf(config, one, route))));
    progress(from + chunk.length, ids.length);
  }
  return count;
}

function replayOf({ routes }: Config, { event }: StoredEvent, route: string | undefined): Replay {
  const { deliveries } = routeEvent(routes, event);
  return { event: event.id, deliveries: deliveries.filter((one) => route === undefined || one.route === route) };
}
