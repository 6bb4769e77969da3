import { RelayError } from "../error.ts";

/** Where in a target a template stands: the keys and indexes that lead to its string. */
export type TemplatePath = readonly (string | number)[];

/**
 * A template that could not be rendered for this event. Code `template_failed`. The message names the place in the target, never a value of
 * the payload; for the same reason there is no `cause`: what a filter throws may quote what it was given.
 */
export class TemplateError extends RelayError {
  override readonly name = "TemplateError";
  readonly path: TemplatePath;

  constructor(path: TemplatePath, reason: string) {
    super("template_failed", `the template at ${placeOf(path)} failed: ${reason}`);
    this.path = path;
  }
}

/** `["blocks", 0, "text"]` → `blocks[0].text`. */
function placeOf(path: TemplatePath): string {
  const place = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
  return place.replace(/^\./, "") || "the target itself";
}
