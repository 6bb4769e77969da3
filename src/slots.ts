/**
 * What comes and goes by the thousand, each in a place of its own that is given out again. Not a Map or Set: V8 keeps each table that one has
 * outgrown linked to the next, so that once the first has grown old, whatever was ever in them stays in memory until the next full collection.
 */
export class Slots<T> implements Iterable<T> {
  readonly #values: (T | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#values.length - this.#free.length;
  }

  /** The place that the value has until it is taken. */
  put(value: T): number {
    const place = this.#free.pop() ?? this.#values.length;
    this.#values[place] = value;
    return place;
  }

  /** Gives the place's value and frees the place; undefined where it is free. */
  take(place: number): T | undefined {
    const value = this.#values[place];
    if (value === undefined) return undefined;
    this.#values[place] = undefined;
    this.#free.push(place);
    return value;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const value of this.#values) if (value !== undefined) yield value;
  }
}
