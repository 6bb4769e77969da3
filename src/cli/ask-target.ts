import { isDeepStrictEqual } from "node:util";
import { sampleEvent } from "../cal/samples.ts";
import type { ConfiguredRoute, Target } from "../config/config.ts";
import { triggersOf } from "../config/on.ts";
import { messageOrProblem } from "../delivery/message.ts";
import type { Event } from "../event.ts";
import { subjectOf } from "../routing/match.ts";
import type { SinkPlugin } from "../sdk/index.ts";

/** A message, and the triggers whose samples make it. */
export interface ExampleMessage {
  readonly message: unknown;
  readonly triggers: readonly string[];
}

/**
 * What a target makes of the bundled sample of each trigger that its route takes, the same message once. Without what the route's filter
 * refuses, unless that is all of them, and without what makes no message: `check` tells of that.
 */
export function exampleMessages(plugin: SinkPlugin, route: ConfiguredRoute, { template }: Target): ExampleMessage[] {
  const found: { message: unknown; triggers: string[] }[] = [];
  for (const { trigger, event } of exampleEvents(route)) {
    const rendered = messageOrProblem(plugin, route.name, template, event);
    if ("problem" in rendered) continue;
    const same = found.find(({ message }) => isDeepStrictEqual(message, rendered.message));
    if (same === undefined) found.push({ message: rendered.message, triggers: [trigger] });
    else same.triggers.push(trigger);
  }
  return found;
}

/** What `ask` says of the messages, each sentence once; of the connection alone where there is none. */
export async function askTarget(
  messages: readonly ExampleMessage[],
  ask: (message: unknown) => Promise<readonly string[]>,
): Promise<{ message: string; triggers: readonly string[] | null }[]> {
  const said = new Map<string, string[]>();
  const asked = messages.length === 0 ? [{ message: null, triggers: [] }] : messages;
  for (const { message, triggers } of asked)
    for (const sentence of new Set(await ask(message)))
      said.set(sentence, [...(said.get(sentence) ?? []), ...triggers]);
  const all = asked.flatMap(({ triggers }) => triggers).length;
  return [...said].map(([message, triggers]) => ({ message, triggers: triggers.length === all ? null : triggers }));
}

function exampleEvents({ on, from, filter }: ConfiguredRoute): { trigger: string; event: Event }[] {
  const known = triggersOf(on);
  // A route for a trigger that is new to the relay.
  const triggers = known.length === 0 ? ["BOOKING_CREATED"] : known;
  const all = triggers.map((trigger) => ({ trigger, event: sampleEvent(trigger, from ?? undefined) }));
  const accepted = all.filter(({ event }) => filter?.test(subjectOf(event)).matched !== false);
  return accepted.length === 0 ? all : accepted;
}
