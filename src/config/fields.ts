import { ANYTHING, either, TEXT, type Field } from "../cal/field.ts";
import { EVENT_FIELDS, payloadField } from "../cal/fields.ts";
import { EACH, type Step } from "../rendering/renderer.ts";
import { suggest } from "../sdk/suggest.ts";
import { sameInBooking } from "../cal/booking-fields.ts";
import { follow, nounOf, type Stop } from "./follow.ts";
import type { Problem } from "./problem.ts";
import type { RouteEvents } from "./route-events.ts";
import { instead } from "./wording.ts";

export type Finding = Pick<Problem, "severity" | "message">;

/** How a path is written. */
export interface Use {
  readonly language: "template" | "filter";
  /** Whether who wrote it has thought of its absence. */
  readonly isGuarded: boolean;
  /** How many of its steps are written elsewhere, where what is wrong with them is told. */
  readonly inherited: number;
}

/** What is wrong with a path that a template or a filter of a route looks at, such as `["payload", "organiser", "email"]`; null if nothing. */
export function findingOf(steps: readonly Step[], events: RouteEvents, use: Use): Finding | null {
  const [root, ...rest] = steps;
  if (typeof root !== "string" || !Object.hasOwn(VARIABLES, root))
    return use.inherited > 1 ? null : unknownVariable(String(root));
  if (root === "payload") return payloadFinding(rest, events, use);
  const followed = follow(VARIABLES[root] ?? ANYTHING, rest, use.language);
  return "field" in followed ? null : misfit(steps, { ...followed, depth: followed.depth + 1 }, use);
}

/** All that can stand at a path for the events of a route. */
export function fieldAt(
  steps: readonly Step[],
  { triggers, isOpen }: RouteEvents,
  language: Use["language"] = "filter",
): Field {
  const [root, ...rest] = steps;
  if (typeof root !== "string" || (root === "payload" && isOpen)) return ANYTHING;
  const roots = root === "payload" ? triggers.map(payloadField) : [VARIABLES[root] ?? ANYTHING];
  const followed = roots.map((one) => follow(one, rest, language));
  const fields = followed.flatMap((one) => ("field" in one ? [one.field] : []));
  return fields.length === 0 ? ANYTHING : fields.reduce(either);
}

const VARIABLES: Readonly<Record<string, Field>> = { ...EVENT_FIELDS, route: TEXT };

function payloadFinding(rest: readonly Step[], events: RouteEvents, use: Use): Finding | null {
  const { triggers, isOpen } = events;
  if (isOpen) return null;
  const known = triggers.filter((trigger) => payloadField(trigger).fields !== undefined);
  const followed = known.map((trigger) => ({ trigger, ...follow(payloadField(trigger), rest, use.language) }));
  const lacking = followed.filter((one) => "depth" in one);
  if (lacking.length === 0) return null;
  const steps = ["payload", ...rest];
  const having = followed.filter((one) => "field" in one).map(({ trigger }) => trigger);
  if (having.length > 0) return use.isGuarded ? null : partial(steps, having, lacking, use);
  // What most of the path is right for tells best what is wrong with the rest.
  const [best, ...others] = lacking.toSorted((one, other) => other.depth - one.depth);
  if (best === undefined) return null;
  const beside = others.filter(({ depth }) => depth === best.depth).map(({ last }) => last);
  const stop = { depth: best.depth + 1, last: beside.reduce(either, best.last) };
  return misfit(
    steps,
    stop,
    use,
    `; see \`fields ${best.trigger}\`, and customPayload for what a template of yours sends`,
  );
}

function partial(
  steps: readonly Step[],
  having: readonly string[],
  lacking: readonly { readonly trigger: string }[],
  { language }: Use,
): Finding {
  const names = lacking.map(({ trigger }) => trigger);
  const who = having.length <= names.length ? `only in ${listed(having)}` : `missing in ${listed(names)}`;
  const same = sameInBooking(steps);
  const hint = same === null ? [] : [`${same} is the same for every trigger`];
  const advice = language === "template" ? ["give it a default, or a condition"] : [];
  const message = [`${spell(steps, language)}: ${who}`, ...advice, ...hint].join("; ");
  return { severity: "warning", message };
}

function misfit(steps: readonly Step[], stop: Stop, use: Use, elsewhere = ""): Finding | null {
  const { depth, last } = stop;
  if (depth < use.inherited) return null;
  const path = spell(steps, use.language);
  const fields = last.fields ?? (use.language === "filter" ? last.entries?.fields : undefined);
  if (fields === undefined) return error(`${path}: ${whatIs(steps, stop, use)}`);
  const step = String(steps[depth]);
  const name = meantBy(step, Object.keys(fields));
  if (name === null) return error(`${path}: no such field${instead(step, Object.keys(fields))}${elsewhere}`);
  const isList =
    use.language === "template" && fields[name]?.entries !== undefined && typeof steps[depth + 1] === "string";
  const meant = [...steps.slice(0, depth), name, ...(isList ? [0] : []), ...steps.slice(depth + 1)];
  return error(`${path}: no such field; did you mean ${spell(meant, use.language)}?`);
}

/** A slip, or the beginning of one name alone: `start` for `startTime`. */
function meantBy(step: string, names: readonly string[]): string | null {
  const [only, ...others] = names.filter((name) => step.length > 2 && name.startsWith(step));
  return suggest(step, names) ?? (others.length === 0 ? (only ?? null) : null);
}

function whatIs(steps: readonly Step[], stop: Stop, { language }: Use): string {
  const parent = spell(steps.slice(0, stop.depth), language);
  return `${parent} is ${nounOf(stop.last)}${insideList(steps, stop) || ", which has no fields"}`;
}

/** A list has its entries' fields only one by one. */
function insideList(steps: readonly Step[], { depth, last }: Stop): string {
  const step = steps[depth];
  if (last.entries === undefined || typeof step !== "string") return "";
  const names = Object.keys(last.entries.fields ?? {});
  const name = names.includes(step) ? step : (suggest(step, names) ?? step);
  const meant = [...steps.slice(0, depth), 0, name, ...steps.slice(depth + 1)];
  return `; write ${spell(meant, "template")} for its first entry, or loop over it`;
}

function unknownVariable(name: string): Finding {
  return error(`unknown variable ${JSON.stringify(name)}${instead(name, Object.keys(VARIABLES))}`);
}

function error(message: string): Finding {
  return { severity: "error", message };
}

/** As people write it: `payload.attendees[0].email`, in a filter `payload.attendees.0.email`. */
export function spell(steps: readonly Step[], language: Use["language"]): string {
  return steps
    .map((step, index) => {
      if (step === EACH) return language === "template" ? "[]" : "";
      if (typeof step === "number" && language === "template") return `[${step}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

const LONGEST_LIST = 3;

export function listed(names: readonly string[]): string {
  if (names.length <= LONGEST_LIST) return names.join(", ");
  return `${names.slice(0, LONGEST_LIST).join(", ")} and ${names.length - LONGEST_LIST} more`;
}
