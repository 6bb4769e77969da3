import { setImmediate } from "node:timers/promises";
import type { Renderer } from "../rendering/renderer.ts";
import { onMatches } from "../routing/match.ts";
import type { ConfiguredRoute, Target } from "./config.ts";
import { isMapping } from "./mapping.ts";
import { readFilter } from "./filters.ts";
import { checkMessages, type RouteOfTarget } from "./messages.ts";
import { onProblem } from "./on.ts";
import type { Path } from "./problem.ts";
import type { Reading } from "./reading.ts";
import { routeEvents } from "./route-events.ts";
import { routeSchema } from "./schema.ts";
import { readTarget } from "./targets.ts";
import { instead } from "./wording.ts";

/** Reads `routes`, in their order. Lets others work between two of them: a running relay reads its file too. */
export async function readRoutes(reading: Reading, renderer: Renderer): Promise<ConfiguredRoute[]> {
  const { report, root } = reading;
  const items: unknown = root["routes"] ?? [];
  if (!Array.isArray(items)) report.error(["routes"], "expected a list: start every route with a dash");
  else if (items.length === 0) report.warn(["routes"], "there are no routes: events are stored and go nowhere");
  const names = new Set<string>();
  const routes: ConfiguredRoute[] = [];
  for (const [index, item] of (Array.isArray(items) ? items : []).entries()) {
    const route = readRoute(reading, renderer, ["routes", index], item, names);
    if (route !== null) routes.push(route);
    await setImmediate();
  }
  return routes;
}

function readRoute(
  reading: Reading,
  renderer: Renderer,
  path: Path,
  value: unknown,
  names: Set<string>,
): ConfiguredRoute | null {
  const { reader } = reading;
  const route = reader.read(routeSchema, path, value);
  if (!isMapping(value)) return null;
  const { name } = value;
  if (typeof name === "string") {
    if (names.has(name)) reader.error([...path, "name"], `there is a route ${JSON.stringify(name)} before this one`);
    names.add(name);
  }
  const on = readOn(reading, [...path, "on"], value["on"]);
  checkFrom(reading, [...path, "from"], value["from"]);
  const events = routeEvents(reading.root, value);
  const filter = readFilter(reading, [...path, "filter"], value["filter"], events);
  const given = { name: typeof name === "string" ? name : "", from: value["from"], events, filter };
  const targets = readTargets(reading, renderer, [...path, "to"], value["to"], given);
  if (route === null) return null;
  return { name: route.name, on, from: route.from ?? null, filter, final: route.final, targets };
}

function readOn({ reader, report }: Reading, path: Path, value: unknown): string[] {
  const isList = Array.isArray(value);
  return [value].flat().flatMap((pattern, index) => {
    if (typeof pattern !== "string") return [];
    const place = isList ? [...path, index] : path;
    const problem = onProblem(pattern);
    if (problem?.severity === "error") reader.error(place, problem.message);
    if (problem?.severity === "warning") report.warn(place, problem.message);
    const wider = isList ? widerThan(index, value) : undefined;
    if (wider !== undefined) report.warn(place, `${JSON.stringify(wider)} in this list matches it already`);
    return [pattern];
  });
}

/** The entry of a list that makes another one needless; of two that are the same, the first. */
function widerThan(index: number, patterns: readonly unknown[]): string | undefined {
  const pattern = patterns[index];
  return patterns
    .filter((one) => typeof one === "string")
    .find((one, at) => (one === pattern ? at < index : typeof pattern === "string" && onMatches(one, pattern)));
}

function checkFrom({ root, reader }: Reading, path: Path, value: unknown): void {
  const sources = isMapping(root["sources"]) ? Object.keys(root["sources"]) : [];
  if (typeof value !== "string" || sources.includes(value)) return;
  reader.error(path, `unknown source ${JSON.stringify(value)}${instead(value, sources)}`);
}

function readTargets(reading: Reading, renderer: Renderer, path: Path, value: unknown, route: RouteOfTarget): Target[] {
  if (!Array.isArray(value)) return [];
  const counts = new Map<string, number>();
  return value.flatMap((item, index) => {
    const target = readTarget(reading, renderer, [...path, index], item, route.events);
    if (target === null) return [];
    checkMessages(reading, [...path, index], target, route);
    const count = (counts.get(target.sink) ?? 0) + 1;
    counts.set(target.sink, count);
    return [{ id: `${route.name}/${target.sink}${count === 1 ? "" : `/${count}`}`, ...target }];
  });
}
