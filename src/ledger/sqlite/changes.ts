import { unavailable } from "./failure.ts";
import * as rows from "../rows.ts";
import type { Store } from "./store.ts";

type Listener = (sink: string) => void;

/** How long a change made by another process, such as `retry` on the command line, may go unnoticed. */
const WATCH_MS = 250;

/** Tells listeners of new work: at once of this process's own, soon of another's. */
export class Changes {
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;

  /** Returns how to stop listening. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  announce(sink: string): void {
    for (const listener of this.#listeners) listener(sink);
  }

  /** Announces "*" whenever another connection has committed to the file. */
  watch(store: Store): void {
    let seen = version(store);
    this.#timer = setInterval(() => {
      const current = version(store);
      if (current !== seen) this.announce("*");
      seen = current;
    }, WATCH_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }
}

/**
 * Changes with the commits of other connections only: https://sqlite.org/pragma.html#pragma_data_version
 * A store that fails counts as a change: whoever is woken meets the failure where it can be handled.
 */
function version(store: Store): number | "unknown" {
  try {
    return rows.version.parse(store.get("PRAGMA data_version")).data_version;
  } catch (error) {
    if (unavailable(error) === undefined) throw error;
    return "unknown";
  }
}
