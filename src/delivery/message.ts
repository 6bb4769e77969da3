import type { Event } from "../event.ts";
import { scopeOf, TemplateError, type Template } from "../rendering/renderer.ts";
import type { SinkPlugin } from "../sdk/index.ts";
import { pluginFailure } from "./plugin-failure.ts";

/** What a target makes of an event: the message as `deliver` gets it, or why there is none, without anything of the event. */
export type Rendered = { readonly message: unknown } | { readonly problem: string };

/** Renders one target of `route` for an event and has the sink's schema parse it. What a plugin's own schema or escape may throw is passed on. */
export function messageOf(plugin: SinkPlugin, route: string, template: Template, event: Event): Rendered {
  try {
    const parsed = plugin.message.safeParse(template.render(scopeOf(event, route)));
    if (parsed.success) return { message: parsed.data };
    const issues = parsed.error.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));
    return { problem: `the rendered message does not fit ${plugin.title}: ${issues.join("; ")}` };
  } catch (error) {
    if (error instanceof TemplateError) return { problem: error.message };
    throw error;
  }
}

/** The same, for whoever only looks: what a plugin throws is why there is none. */
export function messageOrProblem(plugin: SinkPlugin, route: string, template: Template, event: Event): Rendered {
  try {
    return messageOf(plugin, route, template, event);
  } catch (error) {
    return { problem: pluginFailure(error) };
  }
}
