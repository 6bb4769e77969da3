import { isDeepStrictEqual } from "node:util";
import { openBody } from "../cal/envelope.ts";
import { isMapping } from "../config/mapping.ts";
import type { Json } from "../event.ts";
import { didYouMean } from "../sdk/suggest.ts";

export interface Edits {
  /** Path → value. */
  readonly with: Readonly<Record<string, Json>>;
  readonly without: readonly string[];
}

/** What is wrong with an edit, and where in the event of the suite it stands. */
export interface EditFault {
  readonly place: readonly (string | number)[];
  readonly severity: "error" | "warning";
  readonly message: string;
}

type Fault = Pick<EditFault, "severity" | "message">;
type Container = Json[] | { [key: string]: Json };

/** A body with values put into its payload and taken out of it, as compact JSON; as it stands where there is nothing to edit. Pure. */
export function editBody(body: string, edits: Edits): { body: string; faults: EditFault[] } {
  const settings = Object.entries(edits.with);
  if (settings.length === 0 && edits.without.length === 0) return { body, faults: [] };
  const root = parse(body);
  if (root === null) {
    const place = [settings.length > 0 ? "with" : "without"];
    return { body, faults: [{ place, ...error("only a body of JSON can be changed") }] };
  }
  const faults: EditFault[] = [];
  const payload = payloadOf(root, body);
  const note = (place: EditFault["place"], fault: Fault | null): void => {
    if (fault !== null) faults.push({ place, ...fault });
  };
  for (const [path, value] of settings) note(["with", path], put(payload, path, structuredClone(value)));
  for (const [index, path] of edits.without.entries()) note(["without", index], take(payload, path));
  return { body: JSON.stringify(root), faults };
}

function put(payload: Container, path: string, value: Json): Fault | null {
  const found = parentOf(payload, path);
  if ("message" in found) return found;
  const { parent, way, last } = found;
  if (Array.isArray(parent)) {
    // The place after the last entry makes the list longer.
    if (!isIndex(last) || Number(last) > parent.length) return absent(way, last, parent);
    parent[Number(last)] = value;
    return null;
  }
  const near = Object.hasOwn(parent, last) ? "" : didYouMean(last, Object.keys(parent));
  parent[last] = value;
  return near === "" ? null : { severity: "warning", message: `${way} has no ${last}, it is added${near}` };
}

function take(payload: Container, path: string): Fault | null {
  const found = parentOf(payload, path);
  if ("message" in found) return found;
  const { parent, way, last } = found;
  if (childOf(parent, last) === undefined) return absent(way, last, parent);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return null;
}

/** What holds the value at a path, the way to it, and the last step. */
function parentOf(payload: Container, path: string): { parent: Container; way: string; last: string } | Fault {
  const [root, ...steps] = path.split(".");
  const last = steps.pop();
  if (root !== "payload" || last === undefined || last === "" || steps.includes(""))
    return error(`expected a path into the payload such as payload.type, got ${JSON.stringify(path)}`);
  let parent = payload;
  let way = root;
  for (const step of steps) {
    const child = childOf(parent, step);
    if (child === undefined) return absent(way, step, parent);
    way = `${way}.${step}`;
    if (typeof child !== "object" || child === null)
      return error(`${way} is ${JSON.stringify(child)} in this body, and has no fields`);
    parent = child;
  }
  return { parent, way, last };
}

function childOf(parent: Container, step: string): Json | undefined {
  if (Array.isArray(parent)) return isIndex(step) ? parent[Number(step)] : undefined;
  return Object.hasOwn(parent, step) ? parent[step] : undefined;
}

function absent(way: string, step: string, parent: Container): Fault {
  if (!Array.isArray(parent))
    return error(`${way} has no ${step} in this body${didYouMean(step, Object.keys(parent))}`);
  if (isIndex(step)) return error(`${way} has ${countOf(parent)} in this body, and they count from 0`);
  return error(`${way} is a list in this body: name one of its entries, such as ${way}.0.${step}`);
}

function countOf(list: readonly unknown[]): string {
  return `${list.length} ${list.length === 1 ? "entry" : "entries"}`;
}

function isIndex(step: string): boolean {
  return /^(0|[1-9]\d{0,3})$/.test(step);
}

/** A flat body is its own payload. */
function payloadOf(root: Container, body: string): Container {
  const inner = isMapping(root) ? root["payload"] : undefined;
  const isWrapped = typeof inner === "object" && inner !== null && isDeepStrictEqual(openBody(body).payload, inner);
  return isWrapped ? inner : root;
}

function parse(body: string): Container | null {
  try {
    const value: unknown = JSON.parse(body);
    return Array.isArray(value) || isMapping(value) ? (value as Container) : null; // what JSON.parse returns is JSON
  } catch {
    return null;
  }
}

function error(message: string): Fault {
  return { severity: "error", message };
}
