import type { Event, Json } from "../../src/event.ts";
import { createRenderer, scopeOf, type Escape } from "../../src/rendering/renderer.ts";
import { exampleEvent } from "../routing/example.ts";

export const renderer = createRenderer({ timeZone: "UTC", locale: "en" });

/** What a target renders to for an event; its templates must have no problems. */
export function render(tree: Json, event: Partial<Event> = {}, escape?: Escape): Json {
  const { template, problems } = renderer.compile(tree, escape);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return template.render(scopeOf(exampleEvent(event), "sales"));
}
