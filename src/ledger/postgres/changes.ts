import type { PgBoss } from "pg-boss";
import type { Transaction } from "./database.ts";

type Listener = (sink: string) => void;

/** How long another relay's news may take where the database cannot tell of them: no LISTEN through a pooler in transaction mode. */
const POLL_MS = 2_000;
/** The same where it can, in case one got lost. */
const BACKSTOP_MS = 30_000;
const CHANNEL = "cal_relay";

/** Tells listeners of new work: at once of this relay's own, by NOTIFY of another's, and behind it by looking from time to time. */
export class Changes {
  readonly #relay: string;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  #stop: (() => Promise<void>) | undefined;

  /** `relay` names this one among all. */
  constructor(relay: string) {
    this.#relay = relay;
  }

  /** Returns how to stop listening. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  announce(sink: string): void {
    for (const listener of this.#listeners) listener(sink);
  }

  /** Tells the other relays when the transaction commits. */
  async notify(tx: Transaction, sinks: Iterable<string>): Promise<void> {
    const messages = [...sinks].map((sink) => `${this.#relay} ${sink}`);
    if (messages.length > 0)
      await tx.rows(`SELECT pg_notify('${CHANNEL}', message) FROM unnest($1::text[]) AS message`, messages);
  }

  /** Hears of the other relays from now on. A listener that cannot be set up, or is cut off for good, leaves polling. */
  async watch(boss: PgBoss, onError: (error: unknown) => void): Promise<void> {
    const listening = await boss
      .getDb()
      .listen?.(
        CHANNEL,
        (message) => this.#hear(message),
        () => this.announce("*"),
      )
      .catch(onError);
    this.#stop = listening ? () => listening.close() : undefined;
    this.#timer = setInterval(() => this.announce("*"), listening ? BACKSTOP_MS : POLL_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#listeners.clear();
    await this.#stop?.();
  }

  #hear(message: string): void {
    const [relay, sink] = message.split(" ");
    if (sink !== undefined && relay !== this.#relay) this.announce(sink);
  }
}
