import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import type { Hold, CommandLedger } from "../ledger/ledger.ts";
import { colour, command, print, printJson, withLedger, type CommonOptions } from "./io.ts";
import { span, table } from "./table.ts";

export interface SinkState {
  readonly sink: string;
  readonly type: string;
  readonly state: "running" | "dry" | "held" | "gone";
  readonly reason: string;
  readonly waiting: number;
  readonly dead: number;
  readonly delivered: number;
  readonly oldestMs: number | null;
}

export function sinks(): Command {
  return command("sinks", "state and backlog of every sink").action((options: CommonOptions) =>
    withLedger(options, async (ledger, config) => {
      const states = await sinkStates(ledger, config);
      if (options.json) return printJson(states);
      const header = ["SINK", "TYPE", "STATE", "WAITING", "OLDEST", "DEAD", "DELIVERED", "WHY"];
      print(table(header, states.map(row)));
    }),
  );
}

function row({ sink, type, state, waiting, oldestMs, dead, delivered, reason }: SinkState): string[] {
  const shown = state === "running" ? colour("green", state) : colour("yellow", state);
  const oldest = oldestMs === null ? "" : span(oldestMs);
  return [sink, type, shown, String(waiting), oldest, String(dead), String(delivered), reason];
}

/** Every sink of the configuration, and those that only the ledger still knows. */
async function sinkStates(ledger: CommandLedger, { sinks: configured }: Config): Promise<readonly SinkState[]> {
  const [backlog, holds] = await Promise.all([ledger.backlog(), ledger.holds()]);
  const gone = new Set(backlog.map(({ sink }) => sink));
  for (const { name } of configured) gone.delete(name);

  const state = (sink: string, type: string, rest: Pick<SinkState, "state" | "reason">): SinkState => {
    const mine = backlog.filter((one) => one.sink === sink);
    const count = (...states: string[]): number =>
      mine.filter((one) => states.includes(one.state)).reduce((sum, one) => sum + one.count, 0);
    const oldest = mine.flatMap((one) => one.oldest ?? []);
    return {
      sink,
      type,
      ...rest,
      waiting: count("waiting", "running"),
      dead: count("dead"),
      delivered: count("delivered"),
      oldestMs: oldest.length === 0 ? null : Date.now() - Math.min(...oldest),
    };
  };

  return [
    ...configured.map(({ name, plugin, missing }) => {
      const hold = holdInForce(holds, name);
      if (hold !== undefined) return state(name, plugin.type, { state: "held", reason: why(hold) });
      if (missing.length > 0)
        return state(name, plugin.type, { state: "dry", reason: `${missing.join(", ")} not set` });
      return state(name, plugin.type, { state: "running", reason: "" });
    }),
    ...[...gone].map((name) => state(name, "-", { state: "gone", reason: "not in the configuration" })),
  ];
}

/** Why a sink is held, or undefined where it is not: `misconfigured: the token is revoked; next try in 5 min`. */
export function heldBecause(holds: readonly Hold[], sink: string): string | undefined {
  const hold = holdInForce(holds, sink);
  return hold === undefined ? undefined : why(hold);
}

/** A person's hold says more than the relay's; a vendor's wait that is over says nothing. */
function holdInForce(holds: readonly Hold[], sink: string): Hold | undefined {
  const mine = holds.filter(
    (hold) => hold.sink === sink && !(hold.kind === "rate-limited" && (hold.until ?? 0) <= Date.now()),
  );
  return mine.find(({ by }) => by === "person") ?? mine[0];
}

function why({ kind, reason, until }: Hold): string {
  const next = until === null ? "" : `; next try in ${span(Math.max(0, until - Date.now()))}`;
  return `${kind}: ${reason}${next}`;
}
