import { assert, Drop, toValue, type Context, type Emitter } from "liquidjs";
import type { Json } from "../event.ts";

/** What one `{{ }}` puts out goes through this before it becomes part of the message. */
export type EscapeText = (text: string) => string;

/** Characters that one target may render to; shared by all of its strings. */
export const OUTPUT_LIMIT = 1024 * 1024;

const OUTPUT = "output";

/** What a render keeps in its Liquid contexts. */
interface OutputState {
  readonly escape: EscapeText;
  readonly budget: OutputBudget;
}

/** Counts what a target renders to and ends the render at `OUTPUT_LIMIT`. */
export class OutputBudget {
  #used = 0;

  use(length: number): void {
    this.#used += length;
    assert(this.#used <= OUTPUT_LIMIT, `output limit exceeded (${OUTPUT_LIMIT} characters)`);
  }
}

/** Text as Liquid writes it, held to a budget. Null prints empty, a list its elements in a row, an object as JSON. */
export class BudgetedText implements Emitter {
  buffer = "";
  readonly #budget: OutputBudget;

  constructor(budget: OutputBudget) {
    this.#budget = budget;
  }

  write(value: unknown): void {
    const text = textOf(value);
    this.#budget.use(text.length);
    this.buffer += text;
  }
}

/** Text of a `{% capture %}`. Its outputs were escaped when it was made: put out as it is, it is not escaped again. */
export class Captured extends Drop {
  readonly #text: string;

  constructor(text: string) {
    super();
    this.#text = text;
  }

  override valueOf(): string {
    return this.#text;
  }

  override liquidMethodMissing(key: string | number): number | undefined {
    return key === "size" ? this.#text.length : undefined;
  }
}

export function setOutput(context: Context, state: OutputState): void {
  context.setRegister(OUTPUT, state);
}

export function outputOf(context: Context): OutputState {
  return context.getRegister<OutputState>(OUTPUT);
}

/** A value out of a template as JSON, strings and keys at any depth escaped; what JSON has no word for (undefined, NaN) is null. */
export function jsonOf(value: unknown, escape: EscapeText): Json {
  const plain = toValue(value);
  if (typeof plain === "string") return escape(plain);
  if (typeof plain === "boolean") return plain;
  if (typeof plain === "number") return Number.isFinite(plain) ? plain : null;
  if (typeof plain !== "object" || plain === null) return null;
  if (Array.isArray(plain)) return plain.map((element) => jsonOf(element, escape));
  return Object.fromEntries(Object.entries(plain).map(([key, inner]) => [escape(key), jsonOf(inner, escape)]));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : joined(jsonOf(value, (text) => text));
}

function joined(value: Json): string {
  if (value === null) return "";
  if (Array.isArray(value)) return value.map(joined).join("");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
