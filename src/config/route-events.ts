import { isTrigger } from "../cal/triggers.ts";
import { isMapping, type Mapping } from "./mapping.ts";
import { triggersOf } from "./on.ts";

/** The events that a route can get, as far as their fields go. */
export interface RouteEvents {
  /** The known ones. */
  readonly triggers: readonly string[];
  /** Some may have a payload of which nothing is known: a new trigger's, or one that a custom template makes. */
  readonly isOpen: boolean;
}

/** Reads a route as it is written, whatever else is wrong with it. */
export function routeEvents(root: Mapping, route: Mapping): RouteEvents {
  const on = [route["on"]].flat().filter((pattern) => typeof pattern === "string");
  const isNew = on.some((pattern) => !pattern.includes("*") && !isTrigger(pattern));
  return { triggers: triggersOf(on), isOpen: isNew || takesCustomPayloads(root["sources"], route["from"]) };
}

function takesCustomPayloads(sources: unknown, from: unknown): boolean {
  if (!isMapping(sources)) return false;
  return Object.entries(sources).some(
    ([name, source]) =>
      (typeof from !== "string" || from === name) && isMapping(source) && source["customPayload"] === true,
  );
}
