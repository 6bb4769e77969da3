import { ANYTHING, either, NUMBER, type Field } from "../cal/field.ts";
import { EACH, type Step } from "../rendering/renderer.ts";

/** Where a path leads, or where it ends too early. */
export type Followed = { readonly field: Field } | Stop;

export interface Stop {
  /** How many steps lead somewhere. */
  readonly depth: number;
  /** The last field that there is. */
  readonly last: Field;
}

/**
 * Follows a path through what is known of an event. In a filter a name leads into every entry of a list, as sift has it; in a template a list
 * has `first`, `last`, `size` and numbers.
 */
export function follow(root: Field, steps: readonly Step[], language: "template" | "filter"): Followed {
  let last = root;
  for (const [depth, step] of steps.entries()) {
    if (last.isAnything) return { field: ANYTHING };
    const next = language === "filter" ? inFilter(last, step) : inTemplate(last, step);
    if (next === undefined) return { depth, last };
    last = next;
  }
  return { field: last };
}

function inTemplate(field: Field, step: Step): Field | undefined {
  const { entries } = field;
  if (step === EACH) return entries ?? (isPlain(field) ? undefined : ANYTHING);
  const named = nameIn(field, step);
  if (step === "size") return named ?? ((entries ?? field.types.length > 0) ? NUMBER : undefined);
  if (typeof step === "number" || step === "first" || step === "last") return both(entries, named);
  return named;
}

function inFilter(field: Field, step: Step): Field | undefined {
  if (step === EACH) return field.entries;
  const ofEntries = field.entries && (typeof step === "number" ? field.entries : inFilter(field.entries, step));
  return both(ofEntries, nameIn(field, step));
}

function nameIn({ fields = {}, others }: Field, step: string | number): Field | undefined {
  const name = String(step);
  return Object.hasOwn(fields, name) ? fields[name] : others;
}

function both(one: Field | undefined, other: Field | undefined): Field | undefined {
  return one === undefined || other === undefined ? (one ?? other) : either(one, other);
}

function isPlain({ fields, others, entries }: Field): boolean {
  return fields === undefined && others === undefined && entries === undefined;
}

/** What a field is, in words: `text`, `a number`, `a list`. */
export function nounOf(field: Field): string {
  if (field.entries !== undefined) return "a list";
  if (field.fields !== undefined || field.others !== undefined) return "a mapping";
  if (field.types.includes("text")) return "text";
  return field.types.includes("number") ? "a number" : "true or false";
}
