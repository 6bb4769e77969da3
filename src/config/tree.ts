import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from "yaml";
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
  const growth = new Growth(document);
  const value = growth.visit(document.contents, [], null, 0);
  return { value, spots: growth.spots, faults: growth.faults, isComplete: growth.isComplete };
}

class Growth {
  readonly spots = new Map<string, Spot>();
  readonly faults: Fault[] = [];
  isComplete = true;
  readonly #document: Document;
  /** The lists and mappings that are being visited, from the root down. */
  readonly #within = new Set<unknown>();
  #nodes = 0;

  constructor(document: Document) {
    this.#document = document;
  }

  /** `key` is the offset of the key that leads to the node; `before` stands in for the offset of a node that is not there. */
  visit(node: unknown, path: Path, key: number | null, before: number): Json {
    const offset = startOf(node) ?? before;
    if (!this.#mayGoOn(path.length, offset)) return null;
    this.spots.set(pathKey(path), { key, value: offset, scalar: isScalar(node) ? node : null });
    if (isAlias(node)) return this.#visitAlias(node, path, key, offset);
    if (isScalar(node)) return this.#scalarValue(node, path, offset);
    if (!isSeq(node) && !isMap(node)) return null;
    this.#within.add(node);
    const value = isMap(node)
      ? this.#visitMap(node, path)
      : node.items.map((item, index) => this.visit(item, [...path, index], null, offset));
    this.#within.delete(node);
    return value;
  }

  #visitAlias(alias: Alias, path: Path, key: number | null, offset: number): Json {
    const { source } = alias;
    const target = alias.resolve(this.#document);
    if (target === undefined) return this.#refuse(path, offset, `there is no &${source} before this *${source}`);
    if (this.#within.has(target)) return this.#refuse(path, offset, `*${source} stands inside what it refers to`);
    return this.visit(target, path, key, offset);
  }

  #visitMap(map: YAMLMap, path: Path): Json {
    const entries = this.#entriesOf(map, path).map(({ name, key, value }): [string, Json] => {
      const offset = startOf(key) ?? 0;
      return [name, this.visit(value, [...path, name], offset, key.range?.[1] ?? offset)];
    });
    return Object.fromEntries(entries);
  }

  /** A mapping's own entries, then those merged into it that it does not have itself. */
  #entriesOf(map: YAMLMap, path: Path, depth = 0): Entry[] {
    const entries = new Map<string, Entry>();
    for (const pair of map.items) if (!isMergeKey(pair)) this.#addEntry(entries, pair, path, startOf(map) ?? 0);
    const merged = map.items
      .filter(isMergeKey)
      .flatMap(({ key, value }) => this.#mergedEntries(value, path, startOf(key) ?? 0, depth + 1));
    for (const entry of merged) if (!entries.has(entry.name)) entries.set(entry.name, entry);
    return [...entries.values()];
  }

  #mergedEntries(value: unknown, path: Path, offset: number, depth: number): Entry[] {
    if (!this.#mayGoOn(depth, offset)) return [];
    const target = isAlias(value) ? value.resolve(this.#document) : value;
    const isCircle = this.#within.has(target);
    if (isCircle || (!isMap(target) && !isSeq(target))) {
      const message = isCircle ? "this stands inside what it merges" : "expected a mapping to merge, such as *anchor";
      this.#refuse([...path, "<<"], offset, message);
      return [];
    }
    this.#within.add(target);
    const entries = isMap(target)
      ? this.#entriesOf(target, path, depth)
      : target.items.flatMap((item) => this.#mergedEntries(item, path, offset, depth + 1));
    this.#within.delete(target);
    return entries;
  }

  #addEntry(entries: Map<string, Entry>, { key, value }: Pair, path: Path, before: number): void {
    const offset = startOf(key) ?? before;
    if (isMap(key) && key.flow) return void this.#refuse(path, offset, "text that starts with {{ stands in quotes");
    if (!isScalar(key) || key.value === null) return void this.#refuse(path, offset, "a key must be text");
    const name = typeof key.value === "string" ? key.value : (key.source ?? "");
    if (key.type === "PLAIN" && name !== name.trim())
      return void this.#refuse(
        [...path, name],
        offset,
        "an invisible character is part of this key; type the line anew",
      );
    if (name === "__proto__") return void this.#refuse(path, offset, "this name cannot be a key");
    if (entries.has(name))
      return void this.#refuse([...path, name], offset, `the key ${JSON.stringify(name)} stands here twice`);
    entries.set(name, { name, key, value });
  }

  #scalarValue({ value }: Scalar, path: Path, offset: number): Json {
    if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    return this.#refuse(path, offset, "this number is out of range");
  }

  /** Counts a node. Once there are too many, or one is too deep, that is said and the file is not read on. */
  #mayGoOn(depth: number, offset: number): boolean {
    this.#nodes += 1;
    if (this.isComplete && depth > MAX_DEPTH) this.#giveUp(offset, `nested deeper than ${MAX_DEPTH} levels`);
    if (this.isComplete && this.#nodes > MAX_NODES)
      this.#giveUp(offset, `with its aliases this file holds more than ${MAX_NODES} values`);
    return this.isComplete;
  }

  #giveUp(offset: number, message: string): void {
    this.isComplete = false;
    this.#refuse([], offset, message);
  }

  #refuse(path: Path, offset: number, message: string): null {
    this.faults.push({ path, offset, message });
    return null;
  }
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.value === "<<" && key.type === "PLAIN";
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}
