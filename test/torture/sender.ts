import type { RunningRelay } from "../support/process.ts";
import type { Random } from "./random.ts";
import { moved } from "./webhooks.ts";

const ONE_IN_REPEATED = 6;

/** A relay, or several behind a load balancer. */
export type Taker = Pick<RunningRelay, "post">;

/** Cal.com as far as the relay sees it: posts webhooks, some of them twice, and remembers what each was answered. */
export class Sender {
  readonly #random: Random;
  /** The event that each webhook became, by the webhook's number. */
  readonly #events = new Map<number, string>();
  readonly #unanswered = new Set<number>();
  #posts = 0;
  #newest = 0;
  #twice = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Requests. */
  get posts(): number {
    return this.#posts;
  }

  /** The number of the last webhook that was made up; they count from 1. */
  get newest(): number {
    return this.#newest;
  }

  /** Webhooks that were accepted again as other events than before. */
  get acceptedTwice(): number {
    return this.#twice;
  }

  /** The events that the relay has answered for. */
  acknowledged(): readonly string[] {
    return [...this.#events.values()];
  }

  /** Posts a new webhook, or one from before. Rejects when the connection is cut, and the webhook then counts as unanswered. */
  async post(relay: Taker): Promise<void> {
    const repeats = this.#newest > 0 && this.#random.upTo(ONE_IN_REPEATED) === 1;
    await this.#send(relay, repeats ? this.#random.upTo(this.#newest) : (this.#newest += 1));
  }

  /** Posts again what never got an answer, and tells how much of it had been stored all the same. */
  async postUnanswered(relay: Taker): Promise<number> {
    const statuses: string[] = [];
    for (const number of this.#unanswered) statuses.push(await this.#send(relay, number));
    return statuses.filter((status) => status === "duplicate").length;
  }

  async #send(relay: Taker, number: number): Promise<string> {
    this.#posts += 1;
    if (!this.#events.has(number)) this.#unanswered.add(number);
    const { status, body } = await relay.post(moved(number));
    if (status !== 202 && status !== 200) throw new Error(`webhook ${number} was answered ${status}`);
    const event = String(body["event"]);
    this.#unanswered.delete(number);
    const before = this.#events.get(number);
    if (before === undefined) this.#events.set(number, event);
    else if (before !== event) this.#twice += 1;
    return String(body["status"]);
  }
}
