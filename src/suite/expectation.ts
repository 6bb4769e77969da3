import { isMapping, type Mapping } from "../config/mapping.ts";
import type { Config, SinkConfig } from "../config/config.ts";
import type { Path } from "../config/problem.ts";
import { outputKeys } from "../config/shape.ts";
import { instead } from "../config/wording.ts";
import type { Json } from "../event.ts";
import { compileQuery, hasOperator } from "../routing/filter.ts";
import type { SuiteContext } from "./read.ts";
import type { Expectation, ExpectedField, ExpectedMessage } from "./suite.ts";

/**
 * Holds what is expected of an event against the configuration: routes, sinks and fields that there are not are problems. What is of another
 * shape than it should be has been told already, and is passed over.
 */
export function readExpectation(path: Path, value: unknown, context: SuiteContext): Expectation {
  const { status, routes, messages, exactly }: Mapping = isMapping(value) ? value : {};
  const place = context.document.positionOf([...path, "status"]);
  return {
    status: status === "accepted" || status === "duplicate" || status === "pong" ? { value: status, ...place } : null,
    routes: Array.isArray(routes) ? readRoutes([...path, "routes"], routes, context) : null,
    messages: [
      ...entriesOf(messages).flatMap(([to, one]) => readMessage([...path, "messages", to], to, one, context) ?? []),
      ...entriesOf(exactly).flatMap(([to, one]) => readExactly([...path, "exactly", to], to, one, context) ?? []),
    ].toSorted((one, other) => one.line - other.line || one.column - other.column),
  };
}

function entriesOf(value: Json | undefined): [string, Json][] {
  return isMapping(value) ? Object.entries(value) : [];
}

function readRoutes(path: Path, names: readonly Json[], context: SuiteContext): Expectation["routes"] {
  const { config, document, report } = context;
  const known = config.routes.map(({ name }) => name);
  for (const [index, name] of names.entries())
    if (typeof name === "string" && !known.includes(name))
      report.error([...path, index], `unknown route ${JSON.stringify(name)}${instead(name, known)}`);
  return { names: known.filter((name) => names.includes(name)), ...document.positionOf(path) };
}

function readMessage(path: Path, to: string, value: Json, context: SuiteContext): ExpectedMessage | null {
  const sink = sinkOf(path, to, context);
  if (sink === null) return null;
  const place = { to, ...context.document.keyPositionOf(path) };
  if (value === "absent") return { kind: "absent", ...place };
  if (!isMapping(value)) return null;
  const known = outputKeys(sink.plugin.message);
  const fields = Object.entries(value).flatMap(
    ([field, wanted]) => readField([...path, field], field, wanted, known, context) ?? [],
  );
  return { kind: "fields", fields, ...place };
}

function readExactly(path: Path, to: string, message: Json, context: SuiteContext): ExpectedMessage | null {
  if (sinkOf(path, to, context) === null) return null;
  return { kind: "exactly", to, message, ...context.document.keyPositionOf(path) };
}

function readField(
  path: Path,
  field: string,
  value: Json,
  known: readonly string[] | null,
  { document, report }: SuiteContext,
): ExpectedField | null {
  // A mapping without operators is compared whole, as a list is.
  const isPlain = isMapping(value) && !hasOperator(value);
  const { filter, problems } = compileQuery({ [field]: isPlain ? { $eq: value } : value }, known);
  for (const problem of problems) {
    const place = [...path, ...problem.path.slice(1)];
    if (problem.path.length === 1) report.errorAtKey(place, problem.message);
    else report.error(place, problem.message);
  }
  return filter === null ? null : { path: field, value, filter, ...document.keyPositionOf(path) };
}

/** The sink that is named, or whose target is. */
function sinkOf(path: Path, to: string, { config, report }: SuiteContext): SinkConfig | null {
  const targets = config.routes.flatMap((route) => route.targets);
  const name = targets.find(({ id }) => id === to)?.sink ?? to;
  const sink = config.sinks.find((one) => one.name === name);
  if (sink !== undefined && targets.some((target) => target.sink === name)) return sink;
  const known = to.includes("/") ? targets.map(({ id }) => id) : sinkNames(config);
  const what = to.includes("/") ? "target" : "sink";
  report.errorAtKey(
    path,
    sink === undefined
      ? `unknown ${what} ${JSON.stringify(to)}${instead(to, known)}`
      : `no route has a target of the sink ${to}`,
  );
  return null;
}

function sinkNames({ sinks }: Config): string[] {
  return sinks.map(({ name }) => name);
}
