import { RelayError } from "../error.ts";

/** Where in a target a template stands: the keys and indexes that lead to its string. */
export type TemplatePath = readonly (string | number)[];

export interface TemplateSpot {
  readonly line: number;
  readonly column: number;
}

/**
 * A template that could not be rendered for this event. Code `template_failed`. The message names the place in the target, never a value of
 * the payload; for the same reason there is no `cause`: what a filter throws may quote what it was given.
 */
export class TemplateError extends RelayError {
  override readonly name = "TemplateError";
  readonly path: TemplatePath;
  /** Why, without the place. */
  readonly reason: string;
  /** Inside the string, from 1; null where the string as a whole failed. */
  readonly spot: TemplateSpot | null;

  constructor(path: TemplatePath, reason: string, spot: TemplateSpot | null) {
    const at = spot === null ? "" : `line ${spot.line}, column ${spot.column}: `;
    super("template_failed", `the template at ${placeOf(path)} failed: ${at}${reason}`);
    this.path = path;
    this.reason = reason;
    this.spot = spot;
  }
}

/** `["blocks", 0, "text"]` → `blocks[0].text`. */
function placeOf(path: TemplatePath): string {
  const place = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
  return place.replace(/^\./, "") || "the target itself";
}
