import { stringify } from "yaml";
import type { Config, SinkConfig, Target } from "../config/config.ts";
import { messageOrProblem } from "../delivery/message.ts";
import { recorded } from "../delivery/recorded.ts";
import type { Event, Json } from "../event.ts";
import type { Mask } from "../observe/mask.ts";
import { colour } from "./io.ts";
import { pluginFailure } from "../delivery/plugin-failure.ts";
import { printable } from "./printable.ts";

/** A message as it would be sent, secrets masked. */
export interface ShownMessage {
  readonly route: string;
  /** The target's id. */
  readonly target: string;
  readonly sink: string;
  readonly type: string;
  /** What `deliver` would get; null where there is none. */
  readonly message: Json;
  /** Why it cannot be sent; undefined where nothing is known against it. */
  readonly problem: string | undefined;
  /** As people read it; null where there is no message to read. */
  readonly text: string | null;
}

/** The message of one target for an event, and how its sink's plugin shows it. Sends nothing. */
export function shownMessage(
  { sinks }: Config,
  route: string,
  { id, sink: name, template }: Target,
  event: Event,
  mask: Mask,
): ShownMessage {
  const sink = sinks.find((one) => one.name === name);
  if (sink === undefined) throw new Error(`the configuration was read without the sink ${name}`);
  const shown = { route, target: id, sink: name, type: sink.plugin.type };
  const rendered = messageOrProblem(sink.plugin, route, template, event);
  if ("problem" in rendered) return { ...shown, message: null, problem: mask.text(rendered.problem), text: null };
  const message = recorded(rendered.message, mask);
  try {
    const text = textOf(sink, rendered.message, event) ?? yaml(message);
    return { ...shown, message, problem: undefined, text: printable(mask.text(text)) };
  } catch (error) {
    return { ...shown, message, problem: mask.text(pluginFailure(error)), text: printable(yaml(message)) };
  }
}

/** Which target's message it is, of what kind, and whether its sink runs dry. */
export function messageHead({ target, sink: name }: ShownMessage, { sinks }: Config): string {
  const sink = sinks.find((one) => one.name === name);
  const dry = sink === undefined || sink.missing.length === 0 ? "" : `runs dry: ${sink.missing.join(", ")} not set`;
  return [colour("bold", target), sink?.plugin.title, dry && colour("yellow", dry)].filter(Boolean).join("  ");
}

/** The message below its head, or why there is none. */
export function messageLines({ problem, text }: ShownMessage): readonly string[] {
  const lines = [
    ...(problem === undefined ? [] : [`${colour("red", "cannot be sent:")} ${printable(problem)}`]),
    ...(text === null ? [] : text.split("\n")),
  ];
  return lines.map((line) => `  ${line}`.trimEnd());
}

function textOf({ plugin, connection }: SinkConfig, message: unknown, event: Event): string | undefined {
  return plugin.preview?.(message, { connection, event: { ...event, booking: { ...event.booking } } });
}

function yaml(message: Json): string {
  return stringify(message, { lineWidth: 0 }).trimEnd();
}
