import { Liquid, type Context } from "liquidjs";
import { addFilters, type Clock, type RenderingDefaults } from "./filters.ts";
import { Captured, jsonOf, outputOf } from "./output.ts";
import { Capture, NoFiles } from "./tags.ts";

/** Characters of one template. The longest a sink takes is a tenth of it. */
const PARSE_LIMIT = 100_000;

/** Milliseconds for all strings of one target. A typical target takes well under one; a machine under load gets its slack. */
const RENDER_LIMIT_MS = 1_000;

/** Characters and elements that filters and ranges may create for one target: four times the largest payload that is accepted by default. */
const MEMORY_LIMIT = 4 * 1024 * 1024;

/** They read other files; a template stands alone. */
const TAGS_OF_FILES = ["include", "render", "layout", "block"];

/** `…_exp` evaluate a text as an expression, which could then come from a payload; `sample` draws lots, and a preview must not. */
const REFUSED_FILTERS = ["where_exp", "reject_exp", "group_by_exp", "find_exp", "find_index_exp", "has_exp", "sample"];

/** Liquid as templates see it: standard tags and filters and the relay's own, no files, nothing off a prototype chain, limits on everything. */
export function createEngine(defaults: RenderingDefaults, clock: Clock = Date.now): Liquid {
  const liquid = new Liquid({
    templates: {},
    dynamicPartials: false,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    timezoneOffset: defaults.timeZone,
    locale: defaults.locale,
    parseLimit: PARSE_LIMIT,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
    outputEscape: escapeOutput,
  });
  for (const name of TAGS_OF_FILES) liquid.registerTag(name, NoFiles);
  liquid.registerTag("capture", Capture);
  for (const name of REFUSED_FILTERS) liquid.unregisterFilter(name);
  addFilters(liquid, defaults, clock);
  return liquid;
}

/** LiquidJS calls it as a filter at the end of every `{{ }}` that does not end in `raw`; what it returns need not be text. */
function escapeOutput(this: { readonly context: Context }, value: unknown): string {
  const { escape } = outputOf(this.context);
  return (value instanceof Captured ? value.valueOf() : jsonOf(value, escape)) as string;
}
