import type { Command } from "commander";
import type { Config, ConfiguredRoute } from "../config/config.ts";
import type { Event } from "../event.ts";
import { createMask } from "../observe/mask.ts";
import { matchRoutes } from "../routing/match.ts";
import { didYouMean } from "../sdk/suggest.ts";
import { eventCommand, requireEvent, type EventOptions } from "./event-argument.ts";
import { eventHead } from "./event-head.ts";
import { colour, counted, expectRoute, print, printJson, requireConfig, stop } from "./io.ts";
import { messageHead, messageLines, shownMessage, type ShownMessage } from "./message.ts";
import { printable } from "./printable.ts";

interface PreviewOptions extends EventOptions {
  readonly route?: string;
}

/** What would be sent, and why a route's messages are shown though it would not send them. */
interface Shown {
  readonly messages: readonly ShownMessage[];
  readonly refused: string | null;
}

export function preview(): Command {
  const self = eventCommand("preview EVENT [--route R]", "the messages as they would be sent, as people read them");
  return self
    .option("--route <name>", "only this route's, also where it refuses the event")
    .action(async (what: string, options: PreviewOptions) => {
      const config = await requireConfig(options);
      expectRoute(config, options.route);
      expectSource(config, options.source);
      const { event, stored } = await requireEvent(self, what, config, options);
      const shown = messagesFor(config, event, options.route);
      if (options.json) printJson(shown.messages.map(({ text: _text, ...exact }) => exact));
      else {
        print(eventHead(event, stored !== null));
        printShown(shown, config, what);
      }
      const failed = shown.messages.filter(({ problem }) => problem !== undefined).map(({ target }) => target);
      if (failed.length > 0) stop(`${counted(failed, "message")} cannot be sent: ${failed.join(", ")}`);
    });
}

function expectSource({ sources }: Config, source: string | undefined): void {
  const names = sources.map(({ name }) => name);
  if (source === undefined || names.includes(source)) return;
  stop(`no source "${source}" in the configuration${didYouMean(source, names)}`);
}

function messagesFor(config: Config, event: Event, only: string | undefined): Shown {
  const { verdicts, matched } = matchRoutes(config.routes, event);
  const mask = createMask(config.secrets);
  const of = ({ name, targets }: ConfiguredRoute): ShownMessage[] =>
    targets.map((target) => shownMessage(config, name, target, event, mask));
  if (only === undefined) return { messages: matched.flatMap(of), refused: null };
  const refused = verdicts.find(({ route }) => route === only)?.reason?.text ?? null;
  return { messages: config.routes.filter(({ name }) => name === only).flatMap(of), refused };
}

/** By sink, in the order in which the routes name them. */
function printShown({ messages, refused }: Shown, config: Config, what: string): void {
  if (refused !== null) {
    print(`\n${colour("yellow", "the route refuses this event")}  ${printable(refused)}`);
    print("if it took it, it would send:");
  }
  if (messages.length === 0) print(`\nno route takes it, so nothing is sent; \`cal-relay explain ${what}\` says why`);
  for (const group of Map.groupBy(messages, ({ sink }) => sink).values())
    for (const message of group) print(`\n${messageHead(message, config)}\n${messageLines(message).join("\n")}`);
}
