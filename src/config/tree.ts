import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from "yaml";
import type { Json } from "../event.ts";
import { type Path, pathKey } from "./problem.ts";

/** Where a value stands in the file, as offsets into its text. */
export interface Spot {
  /** Of the key that leads to it; null for the root and for entries of a list. */
  readonly key: number | null;
  readonly value: number;
  /** The YAML node, where the value is a scalar. */
  readonly scalar: Scalar | null;
}

export interface Fault {
  readonly offset: number;
  readonly path: Path;
  readonly message: string;
}

export interface Tree {
  readonly value: Json;
  /** By `pathKey`. */
  readonly spots: ReadonlyMap<string, Spot>;
  readonly faults: readonly Fault[];
  /** False where the file was too much to be read whole. */
  readonly isComplete: boolean;
}

// Aliases can make a small file huge, or endless.
const MAX_NODES = 100_000;
const MAX_DEPTH = 64;

interface Entry {
  readonly name: string;
  readonly key: Scalar;
  readonly value: unknown;
}

/** Turns YAML's nodes into plain data, aliases and merge keys (`<<`) resolved, remembering where each value stands. */
export function growTree(document: Document): Tree {
  const spots = new Map<string, Spot>();
  const faults: Fault[] = [];
  const within = new Set<unknown>();
  let nodes = 0;
  let isComplete = true;

  function visit(node: unknown, path: Path, key: number | null, before: number): Json {
    nodes += 1;
    const offset = startOf(node) ?? before;
    if (nodes > MAX_NODES) return giveUp(offset, `with its aliases this file holds more than ${MAX_NODES} values`);
    if (path.length > MAX_DEPTH) return giveUp(offset, `nested deeper than ${MAX_DEPTH} levels`);
    spots.set(pathKey(path), { key, value: offset, scalar: isScalar(node) ? node : null });
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined) return refuse(path, offset, `there is no &${node.source} before this *${node.source}`);
      if (within.has(target)) return refuse(path, offset, `*${node.source} stands inside what it refers to`);
      return visit(target, path, key, offset);
    }
    if (isScalar(node)) return scalarValue(node, path, offset);
    if (!isSeq(node) && !isMap(node)) return null;
    within.add(node);
    const value = isMap(node)
      ? visitMap(node, path)
      : node.items.map((item, index) => visit(item, [...path, index], null, offset));
    within.delete(node);
    return value;
  }

  function visitMap(map: YAMLMap, path: Path): Json {
    const entries = entriesOf(map, path, MAX_DEPTH).map(({ name, key, value }): [string, Json] => {
      const offset = startOf(key) ?? 0;
      return [name, visit(value, [...path, name], offset, key.range?.[1] ?? offset)];
    });
    return Object.fromEntries(entries);
  }

  function entriesOf(map: YAMLMap, path: Path, depth: number): Entry[] {
    const own = new Map<string, Entry>();
    const merged: Entry[] = [];
    for (const pair of map.items) {
      if (isMergeKey(pair)) merged.push(...mergedEntries(pair.value, path, startOf(pair.key) ?? 0, depth));
      else addEntry(own, pair, path, startOf(map) ?? 0);
    }
    for (const entry of merged) if (!own.has(entry.name)) own.set(entry.name, entry);
    return [...own.values()];
  }

  function mergedEntries(value: unknown, path: Path, offset: number, depth: number): Entry[] {
    nodes += 1;
    const target = isAlias(value) ? value.resolve(document) : value;
    if (depth > 0 && nodes <= MAX_NODES) {
      if (isMap(target)) return entriesOf(target, path, depth - 1);
      if (isSeq(target)) return target.items.flatMap((item) => mergedEntries(item, path, offset, depth - 1));
    }
    refuse([...path, "<<"], offset, "expected a mapping to merge, such as *anchor");
    return [];
  }

  function addEntry(entries: Map<string, Entry>, pair: Pair, path: Path, before: number): void {
    const { key, value } = pair;
    const offset = startOf(key) ?? before;
    if (!isScalar(key) || key.value === null) return void refuse(path, offset, "a key must be text");
    const name = typeof key.value === "string" ? key.value : (key.source ?? "");
    if (name === "__proto__") return void refuse(path, offset, "this name cannot be a key");
    if (entries.has(name))
      return void refuse([...path, name], offset, `the key ${JSON.stringify(name)} stands here twice`);
    entries.set(name, { name, key, value });
  }

  function scalarValue({ value }: Scalar, path: Path, offset: number): Json {
    if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    return refuse(path, offset, "this number is out of range");
  }

  function refuse(path: Path, offset: number, message: string): null {
    faults.push({ path, offset, message });
    return null;
  }

  /** Said once: the file is not read on. */
  function giveUp(offset: number, message: string): null {
    if (isComplete) refuse([], offset, message);
    isComplete = false;
    return null;
  }

  return { value: visit(document.contents, [], null, 0), spots, faults, isComplete };
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.value === "<<" && key.type === "PLAIN";
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}
