import type { Config } from "../config/config.ts";
import { stepsOf } from "../config/conditions.ts";
import { isMapping, valueAt } from "../config/mapping.ts";
import type { Json } from "../event.ts";
import { hasOperator } from "../routing/filter.ts";
import { difference, differencesOf } from "./differences.ts";
import type { Difference, Failure } from "./failure.ts";
import type { OutgoingMessage, Outcome } from "./outcome.ts";
import type { ExpectedField, ExpectedMessage, SuiteEvent } from "./suite.ts";

/** A failure of one event. */
export type EventFailure = Omit<Failure, "event" | "name">;

/** Everything that was expected of an event and did not come about. A message that cannot be made fails whatever was expected. */
export function compare({ expected, position }: SuiteEvent, outcome: Outcome, config: Config): EventFailure[] {
  return [
    ...compareStatus(expected.status, outcome),
    ...compareRoutes(expected.routes, outcome),
    ...outcome.messages.flatMap((sent) =>
      "problem" in sent ? [{ ...position, of: sent.target, differences: [], reasons: [sent.problem] }] : [],
    ),
    ...expected.messages.flatMap((message) => compareMessage(message, outcome, config)),
  ];
}

function compareStatus(expected: SuiteEvent["expected"]["status"], { status }: Outcome): EventFailure[] {
  if (expected === null || expected.value === status) return [];
  const { value, ...place } = expected;
  return [{ ...place, of: "status", differences: [difference("", value, status)], reasons: [] }];
}

function compareRoutes(expected: SuiteEvent["expected"]["routes"], outcome: Outcome): EventFailure[] {
  if (expected === null) return [];
  const { names, ...place } = expected;
  const matched = outcome.verdicts.filter((verdict) => verdict.matched).map(({ route }) => route);
  const absent = names.filter((name) => !matched.includes(name));
  if (absent.length === 0 && matched.length === names.length) return [];
  const differences = [difference("", [...names], matched)];
  return [{ ...place, of: "routes", differences, reasons: absent.flatMap((route) => whyNot(route, outcome)) }];
}

/** Why a route did not match. */
function whyNot(route: string, { status, verdicts }: Outcome): string[] {
  if (status === "duplicate") return ["the event is a duplicate, and goes nowhere"];
  const { reason } = verdicts.find((verdict) => verdict.route === route) ?? { reason: null };
  return reason === null ? [] : [`route ${route}: ${reason.text}`];
}

function compareMessage(expected: ExpectedMessage, outcome: Outcome, config: Config): EventFailure[] {
  const { to, line, column } = expected;
  const failure = (differences: Difference[], reasons: string[]): EventFailure[] => [
    { line, column, of: to, differences, reasons },
  ];
  const sent = outcome.messages.filter(({ target, sink }) => target === to || sink === to);
  const [first, ...others] = sent;
  if (expected.kind === "absent")
    return sent.flatMap((one) =>
      "message" in one ? failure([difference("", "absent", one.message)], ofTarget(one, to)) : [],
    );
  if (first === undefined) return failure([], ["there is no message", ...new Set(whyNone(to, outcome, config))]);
  if (others.length > 0) {
    const ids = sent.map(({ target }) => target);
    return failure([], [`there are ${ids.length} messages; name one by its target: ${ids.join(", ")}`]);
  }
  if ("problem" in first) return [];
  if (expected.kind === "exactly") {
    const differences = differencesOf(expected.message, first.message);
    return differences.length === 0 ? [] : failure(differences, []);
  }
  const compared = expected.fields.map((field) => ({ field, differences: compareField(field, first.message) }));
  const differences = compared.flatMap((one) => one.differences);
  return differences.length === 0 ? [] : failure(differences, compared.flatMap(adviceOn));
}

/** Who names some fields of a mapping may have meant those alone. */
function adviceOn({ field, differences }: { field: ExpectedField; differences: readonly Difference[] }): string[] {
  const [key] = isMapping(field.value) ? Object.keys(field.value) : [];
  const hasMore = isWhole(field.value) && differences.some(({ expected }) => expected === undefined);
  if (key === undefined || !hasMore) return [];
  return [`${field.path} is compared whole; write ${field.path}.${key} to compare that alone`];
}

function compareField({ path, value, filter }: ExpectedField, message: Json): Difference[] {
  const result = filter.test(message);
  if (result.matched) return [];
  // What is missing is seen as null.
  const got = result.seen ?? (valueAt(message, stepsOf(path)) as Json | undefined); // a part of JSON
  return isWhole(value) && isWhole(got) ? differencesOf(value, got, path) : [difference(path, value, got)];
}

/** A mapping or a list that stands for itself. */
function isWhole(value: Json | undefined): boolean {
  return Array.isArray(value) || (isMapping(value) && !hasOperator(value));
}

function ofTarget({ target }: OutgoingMessage, to: string): string[] {
  return target === to ? [] : [`it is the message of ${target}`];
}

/** Why no target of the sink, or not the one named, got a message. */
function whyNone(to: string, outcome: Outcome, { routes }: Config): string[] {
  return routes
    .filter(({ targets }) => targets.some(({ id, sink }) => id === to || sink === to))
    .flatMap(({ name }) => whyNot(name, outcome));
}
