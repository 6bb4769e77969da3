import { isTrigger, NEVER_SENT, PING, TRIGGERS, type Trigger } from "../cal/triggers.ts";
import { onMatches } from "../routing/match.ts";
import type { Problem } from "./problem.ts";
import { didYouMean, suggest } from "../sdk/suggest.ts";

/** How Cal.com spells triggers: words of capitals, two at least. */
export const TRIGGER_SPELLING = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;

/** The known triggers that a route's `on` takes. */
export function triggersOf(on: readonly string[]): readonly Trigger[] {
  return TRIGGERS.filter((trigger) => on.some((pattern) => onMatches(pattern, trigger)));
}

type OnProblem = Pick<Problem, "severity" | "message">;

/**
 * What is wrong with one entry of a route's `on`, or null. What looks like a slip of a known trigger is an error. Any other name that is
 * spelled as triggers are is a warning only: Cal.com adds triggers, and a route for a new one must not wait for a release of the relay.
 */
export function onProblem(pattern: string): OnProblem | null {
  if (pattern === PING) return error("PING is Cal.com's test button: it is recorded and never routed");
  return pattern.includes("*") ? wildcardProblem(pattern) : nameProblem(pattern);
}

function wildcardProblem(pattern: string): OnProblem | null {
  if (pattern === "*" || TRIGGERS.some((trigger) => onMatches(pattern, trigger))) return null;
  return error(
    `${JSON.stringify(pattern)} matches no trigger; write the start of some, as in "BOOKING_*", or "*" for all`,
  );
}

function nameProblem(name: string): OnProblem | null {
  if (isTrigger(name)) return null;
  const instead = Object.hasOwn(NEVER_SENT, name) ? NEVER_SENT[name] : undefined;
  if (instead !== undefined) return error(`Cal.com never sends ${name}: ${instead}`);
  if (/[,\s]/.test(name))
    return error("expected one trigger; several are a list: [BOOKING_CREATED, BOOKING_CANCELLED]");
  const message = `unknown trigger ${JSON.stringify(name)}${didYouMean(name, TRIGGERS)}`;
  const isSlip = TRIGGERS.some((trigger) => isNear(name, trigger));
  if (isSlip || !TRIGGER_SPELLING.test(name)) return error(message);
  return { severity: "warning", message: `${message}; events of that name will match` };
}

/** Word by word: long triggers share most of their letters, so a new one would pass for a slip of an old one. */
function isNear(name: string, trigger: string): boolean {
  const words = trigger.split("_");
  const given = name.split("_");
  return given.length === words.length && given.every((word, index) => suggest(word, [words[index] ?? ""]) !== null);
}

function error(message: string): OnProblem {
  return { severity: "error", message };
}
