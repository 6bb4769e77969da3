import type { PgBoss } from "pg-boss";
import type { Database, Transaction } from "./database.ts";

type Listener = (sink: string) => void;

/** How long another relay's news may take where the database cannot tell of them, as behind a pooler in transaction mode. */
const POLL_MS = 2_000;
/** The same where it can, in case one got lost. */
const BACKSTOP_MS = 30_000;
const CHANNEL = "cal_relay";
/** What a relay tells itself, to see whether it hears. */
const ECHO = "-";

/** Tells listeners of new work: at once of this relay's own, by NOTIFY of another's, and behind it by looking from time to time. */
export class Changes {
  readonly #relay: string;
  readonly #listeners = new Set<Listener>();
  #isHearing = false;
  #isClosed = false;
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
  async notify(tx: Pick<Transaction, "rows">, sinks: Iterable<string>): Promise<void> {
    const messages = [...sinks].map((sink) => `${this.#relay} ${sink}`);
    if (messages.length > 0)
      await tx.rows(`SELECT pg_notify('${CHANNEL}', message) FROM unnest($1::text[]) AS message`, messages);
  }

  /** Hears of the other relays from now on, as well as the database lets it. */
  async watch(boss: PgBoss, database: Database, onError: (error: unknown) => void): Promise<void> {
    const listening = await boss
      .getDb()
      .listen?.(
        CHANNEL,
        (message) => this.#hear(message),
        () => this.announce("*"),
      )
      .catch(onError);
    this.#stop = listening ? () => listening.close() : undefined;
    this.#look(database);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#listeners.clear();
    await this.#stop?.();
  }

  /** Seldom, as long as the relay hears what it tells itself. */
  #look(database: Database): void {
    if (this.#isClosed) return;
    const everyMs = this.#isHearing ? BACKSTOP_MS : POLL_MS;
    this.#isHearing = false;
    // A database that does not answer is not heard either.
    this.notify(database, [ECHO]).catch(() => undefined);
    this.#timer = setTimeout(() => {
      this.announce("*");
      this.#look(database);
    }, everyMs).unref();
  }

  #hear(message: string): void {
    const [relay, sink] = message.split(" ");
    if (relay === this.#relay) this.#isHearing = true;
    else if (sink !== undefined && sink !== ECHO) this.announce(sink);
  }
}
