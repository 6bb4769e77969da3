import { LedgerUnavailable } from "../ledger.ts";
import { unavailable } from "./failure.ts";
import type { Store } from "./store.ts";

/** Called by an operation for a sink that has something new to claim once the operation is committed. */
export type Wake = (sink: string) => void;

/** Keeps one commit from holding up the event loop for long: about 10 ms of accepts. */
const BATCH = 256;

interface Operation {
  /** Does the work and returns what to do once it is committed. */
  readonly apply: (wake: Wake) => () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: whatever is asked for in one turn of the event loop shares one transaction, and so one sync of the disk. An operation that
 * throws fails alone; a store that fails, fails them all.
 */
export class Writer {
  readonly #store: Store;
  readonly #wake: Wake;
  #queue: Operation[] = [];
  #scheduled: NodeJS.Immediate | undefined;
  #closed = false;

  constructor(store: Store, wake: Wake) {
    this.#store = store;
    this.#wake = wake;
  }

  /** Resolves with what `operation` returned, after it is durable. Throws LedgerUnavailable when it could not be stored. */
  write<T>(operation: (wake: Wake) => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (this.#closed) {
      reject(new LedgerUnavailable("the ledger is closed"));
      return promise;
    }
    const apply = (wake: Wake): (() => void) => {
      const result = operation(wake);
      return () => resolve(result);
    };
    this.#queue.push({ apply, reject });
    this.#scheduled ??= setImmediate(() => this.#turn());
    return promise;
  }

  /** Commits what is queued and takes no more. */
  close(): void {
    this.#closed = true;
    clearImmediate(this.#scheduled);
    while (this.#queue.length > 0) this.#commit(this.#queue.splice(0, BATCH));
  }

  #turn(): void {
    const batch = this.#queue.splice(0, BATCH);
    this.#scheduled = this.#queue.length > 0 ? setImmediate(() => this.#turn()) : undefined;
    this.#commit(batch);
  }

  #commit(batch: readonly Operation[]): void {
    const woken = new Set<string>();
    let settle: (() => void)[];
    try {
      settle = this.#store.transaction(() => batch.map((operation) => this.#apply(operation, woken)));
    } catch (error) {
      const reason = unavailable(error) ?? error;
      for (const { reject } of batch) reject(reason);
      return;
    }
    for (const one of settle) one();
    for (const sink of woken) this.#wake(sink);
  }

  #apply({ apply, reject }: Operation, woken: Set<string>): () => void {
    const sinks: string[] = [];
    this.#store.run("SAVEPOINT operation");
    try {
      const settle = apply((sink) => sinks.push(sink));
      this.#store.run("RELEASE operation");
      for (const sink of sinks) woken.add(sink);
      return settle;
    } catch (error) {
      if (unavailable(error) !== undefined) throw error;
      this.#store.run("ROLLBACK TO operation");
      this.#store.run("RELEASE operation");
      return () => reject(error);
    }
  }
}
