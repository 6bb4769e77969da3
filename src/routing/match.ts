import type { Event, Verdict } from "../event.ts";
import { filterReason, short } from "./explain.ts";
import type { Filter, FilterSubject } from "./filter.ts";

/** A rule of the configuration: which events go to which targets. */
export interface Route {
  readonly name: string;
  /** Triggers: exact, `BOOKING_*`, or `*` for everything. */
  readonly on: readonly string[];
  /** The one source it listens to; null for all. */
  readonly from: string | null;
  readonly filter: Filter | null;
  /** Whether later routes are not tried once this one matched. */
  readonly final: boolean;
  readonly targets: readonly { readonly id: string; readonly sink: string }[];
}

/** What every route decides about an event, in their order, and the routes that matched. Pure; never throws. */
export function matchRoutes<R extends Route>(
  routes: readonly R[],
  event: Event,
): { verdicts: Verdict[]; matched: R[] } {
  const subject = subjectOf(event);
  const matched: R[] = [];
  const verdicts = routes.map((route): Verdict => {
    const reason =
      finalReason(matched.at(-1)) ?? onReason(route, event) ?? fromReason(route, event) ?? why(route, subject);
    if (reason === null) matched.push(route);
    return { route: route.name, matched: reason === null, reason };
  });
  return { verdicts, matched };
}

/** Whether one entry of a route's `on` takes a trigger; only `*` takes an event without one. */
export function onMatches(pattern: string, trigger: string | null): boolean {
  if (pattern === "*") return true;
  if (trigger === null) return false;
  return pattern.endsWith("*") ? trigger.startsWith(pattern.slice(0, -1)) : trigger === pattern;
}

type Reason = NonNullable<Verdict["reason"]>;

/** The last route that matched is the only one that can have ended it. */
function finalReason(last: Route | undefined): Reason | null {
  if (!last?.final) return null;
  return {
    condition: "final",
    expected: null,
    seen: last.name,
    text: `final: route "${last.name}" matched and is final`,
  };
}

function onReason({ on }: Route, { trigger }: Event): Reason | null {
  const reason = (text: string): Reason => ({ condition: "on", expected: [...on], seen: trigger, text: `on: ${text}` });
  if (trigger === "PING") return reason("PING is recorded and never routed");
  if (on.some((pattern) => onMatches(pattern, trigger))) return null;
  return reason(`expected ${on.join(" or ")}, saw ${trigger === null ? "no trigger" : short(trigger)}`);
}

function fromReason({ from }: Route, { source }: Event): Reason | null {
  if (from === null || from === source) return null;
  return { condition: "from", expected: from, seen: source, text: `from: expected "${from}", saw "${source}"` };
}

function why({ filter }: Route, subject: FilterSubject): Reason | null {
  const result = filter?.test(subject);
  return result === undefined || result.matched ? null : filterReason(result);
}

/** What filters look at. */
export function subjectOf({
  trigger,
  createdAt,
  payload,
  booking,
  answers,
  id,
  source,
  receivedAt,
}: Event): FilterSubject {
  return { trigger, createdAt, payload, booking, answers, event: { id, source, receivedAt } };
}
