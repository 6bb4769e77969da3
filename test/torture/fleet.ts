import type { Answered, RunningRelay } from "../support/process.ts";
import type { Random } from "./random.ts";
import type { Taker } from "./sender.ts";

/** Several relays behind a load balancer. */
export interface Fleet extends Taker {
  /** One of those that run. */
  pick(): RunningRelay;
  /** Puts another in the place of one that is over. */
  replace(before: RunningRelay, after: RunningRelay): void;
  all(): readonly RunningRelay[];
}

/** How long a load balancer waits for an answer: a relay that is stopped gives none. */
const PATIENCE_MS = 8_000;

export function createFleet(started: readonly RunningRelay[], random: Random): Fleet {
  let relays = [...started];

  return {
    all: () => relays,
    pick: () => pickOf(relays, random),
    replace(before, after) {
      relays = relays.map((one) => (one === before ? after : one));
    },
    /** Tries the next relay where one takes no connection, or says that it cannot store it now. Rejects when a connection is cut. */
    async post(body) {
      let last: unknown = new TypeError("no relay runs");
      const first = random.upTo(relays.length);
      const inTurn = relays.map((_, at) => relays[(first + at) % relays.length]);
      for (const relay of inTurn) {
        if (relay === undefined) continue;
        const answer = await Promise.race([relay.post(body), patience()]).catch((error: unknown) => {
          if (!isRefused(error)) throw error;
          last = error;
        });
        if (answer === undefined) continue;
        if (answer.status !== 503) return answer;
        last = new TypeError("no relay could store it");
      }
      throw last;
    },
  };
}

function pickOf<T>(things: readonly T[], random: Random): T {
  const one = things[random.upTo(things.length) - 1];
  if (one === undefined) throw new Error("there is nothing to pick");
  return one;
}

function patience(): Promise<Answered> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new TypeError("no answer in time")), PATIENCE_MS).unref();
  });
}

/** Nothing has been sent: another relay may be tried. */
function isRefused(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED";
}
