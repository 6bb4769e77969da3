import type { Field } from "../cal/field.ts";
import { sampleEvent } from "../cal/samples.ts";
import type { Event } from "../event.ts";
import { EACH, hasTemplate, scopeOf, type FieldRead, type Step } from "../rendering/renderer.ts";
import type { Filter } from "../routing/filter.ts";
import { subjectOf } from "../routing/match.ts";
import { conditionsIn } from "./conditions.ts";
import type { Target } from "./config.ts";
import { fieldAt, spell } from "./fields.ts";
import { isMapping, textsIn } from "./mapping.ts";
import { misfitsOf, type Misfit } from "./misfits.ts";
import { type Path, pathKey, startsWith } from "./problem.ts";
import type { Reading } from "./reading.ts";
import type { RouteEvents } from "./route-events.ts";
import { pluginOf } from "./sinks.ts";
import { tellTrials, type Judgement, type Trial } from "./trials.ts";

/** The route that a target belongs to, as far as it could be read. */
export interface RouteOfTarget {
  readonly name: string;
  /** The one source it listens to; of any other type where it listens to all. */
  readonly from: unknown;
  readonly events: RouteEvents;
  readonly filter: Filter | null;
}

/** A template that always fails may take a second each time: after so many samples it is known well enough. */
const ENOUGH_FAILURES = 3;

/**
 * Tries a target on the bundled sample of every trigger that its route takes, and reports what makes no message of the sink's type, as far as
 * that was not told already. An error where the sample has all that the template reads. A warning where it lacks some, for real events may
 * have it, and none where the route's filter refuses the sample: it may be there to keep out just such events.
 */
export function checkMessages(reading: Reading, path: Path, target: Omit<Target, "id">, route: RouteOfTarget): void {
  const plugin = pluginOf(reading, target.sink);
  const texts = textsIn(target.tree).flatMap((one) => (hasTemplate(one.text) ? [one.path] : []));
  if (plugin === undefined || texts.length === 0) return;
  const reads = target.template.reads;
  const isOpen = openPlaces(reading, path, target);
  const source = sourceOf(reading, route);
  const { triggers } = route.events;
  const trials: Trial[] = [];
  for (const trigger of triggers) {
    const event = exampleOf(trigger, source);
    const misfits = misfitsOf(plugin, () => target.template.render(scopeOf(event, route.name)), texts);
    for (const misfit of misfits) {
      const judgement = isOpen(misfit.path) ? judge(misfit, event, { route, texts, reads }) : null;
      if (judgement !== null) trials.push({ ...misfit, ...judgement, trigger });
    }
    if (trials.filter(({ spot }) => spot !== null).length >= ENOUGH_FAILURES) break;
  }
  tellTrials(reading, path, trials, triggers.length);
}

/** Tells of a place in a target whether all that stands there is known, and nothing was found wrong with it yet. */
function openPlaces({ reader, report }: Reading, base: Path, { tree }: Omit<Target, "id">): (place: Path) => boolean {
  const told = report.told.filter((one) => one.severity === "error" && startsWith(one.path, base));
  const unset = textsIn(tree, base).filter((one) => reader.isMissing(one.path));
  const closed = [...told, ...unset].map((one) => one.path);
  return (place) => !closed.some((one) => isRelated(one, [...base, ...place]));
}

interface Circumstances {
  readonly route: RouteOfTarget;
  readonly texts: readonly Path[];
  readonly reads: readonly FieldRead[];
}

/** How much a misfit means; null where it may well be one of the sample alone. */
function judge(misfit: Misfit, event: Event, { route, texts, reads }: Circumstances): Judgement | null {
  const near = texts.filter((text) => isRelated(text, misfit.path)).map(pathKey);
  const concerned = near.length === 0 ? reads : reads.filter((read) => near.includes(pathKey(read.path)));
  const scope = scopeOf(event, route.name);
  const lacking = concerned.filter(({ steps }) => lacks(scope, steps));
  const isRefused = route.filter?.test(subjectOf(event)).matched === false;
  const isCustom = ({ steps }: FieldRead): boolean => route.events.isOpen && steps[0] === "payload";
  if (lacking.length > 0)
    return isRefused || lacking.every(isCustom) ? null : { severity: "warning", lacking, doubts: [] };
  const doubts: string[] = [];
  if (isRefused && concerned.some((read) => asks(route.filter, read))) doubts.push("which the filter refuses");
  for (const { steps } of concerned)
    if (isOwn(fieldAt(steps, route.events))) doubts.push(`where ${spell(steps, "template")} is only an example`);
  return { severity: doubts.length > 0 ? "warning" : "error", lacking, doubts };
}

/** What each account has differently: the answers to its own questions, its metadata. */
function isOwn({ isAnything, others }: Field): boolean {
  return isAnything === true || others !== undefined;
}

function isRelated<S>(one: readonly S[], other: readonly S[]): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((step, index) => step === other[index]);
}

/** Whether a filter has a condition on what is read: then it may well let pass only what fits. */
function asks(filter: Filter | null, { steps }: FieldRead): boolean {
  return conditionsIn(filter?.query, []).some((condition) => isRelated<Step>(condition.steps, steps));
}

/** Whether there is nothing at a path, or nothing but an empty text, list or mapping. */
function lacks(value: unknown, steps: readonly Step[]): boolean {
  const [step, ...rest] = steps;
  if (step === undefined) return value === undefined || value === null || isEmpty(value);
  if (Array.isArray(value)) {
    if (step === EACH) return value.length === 0 || value.some((entry) => lacks(entry, rest));
    if (step === "size") return false;
    const index = step === "first" ? 0 : step === "last" ? -1 : Number(step);
    return lacks(Number.isInteger(index) ? value.at(index) : undefined, rest);
  }
  if (step === EACH || (step === "size" && typeof value === "string")) return isEmpty(value);
  return lacks(isMapping(value) && Object.hasOwn(value, step) ? value[step] : undefined, rest);
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === "" || (isMapping(value) && Object.keys(value).length === 0);
}

const examples = new Map<string, Event>();

/** The event that a trigger's bundled sample makes, of this source. Read from disk when first asked for, once. */
function exampleOf(trigger: string, source: string): Event {
  const known = examples.get(trigger) ?? sampleEvent(trigger);
  examples.set(trigger, known);
  return { ...known, source };
}

function sourceOf({ root }: Reading, { from }: RouteOfTarget): string {
  const [first = "cal"] = isMapping(root["sources"]) ? Object.keys(root["sources"]) : [];
  return typeof from === "string" ? from : first;
}
