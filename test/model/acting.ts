import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Misconfigured, RateLimited, Unavailable, type SinkDelivery } from "../../src/sdk/index.ts";
import type { Fault, Plan } from "./plan.ts";
import { storyOf } from "./webhooks.ts";

/** One try, as a sink saw it. */
export interface Try {
  /** Its place in `SINKS`. */
  readonly sink: number;
  readonly bookingKey: string;
  readonly event: string;
}

/** What the sinks of one sequence do: whom they fail, and what they saw. */
export interface Acting {
  /** In the order in which they began. */
  readonly tries: readonly Try[];
  /** Tries that began while another of that booking and sink was running. */
  readonly overlaps: readonly Try[];
  /** The tries that were made to fail. */
  readonly failed: readonly Try[];
  /** Runs one try, whose `work` does what was asked. */
  readonly act: Act;
}

export type Act = (
  sink: number,
  delivery: SinkDelivery,
  work: (delivery: SinkDelivery) => Promise<void> | void,
) => Promise<void>;

export function acting(plan: Plan): Acting {
  const [tries, overlaps, failed]: [Try[], Try[], Try[]] = [[], [], []];
  const running = new Set<string>();
  const counts = new Map<string, number>();

  /** By how many tries its booking and sink had before: what runs beside it changes nothing. */
  function faultOf(sink: number, { event }: SinkDelivery): Fault | undefined {
    const story = storyOf(event.body);
    const count = counts.get(`${sink} ${story}`) ?? 0;
    counts.set(`${sink} ${story}`, count + 1);
    return plan[story]?.faults[sink]?.[count];
  }

  return {
    tries,
    overlaps,
    failed,
    async act(sink, delivery, work) {
      const one = { sink, bookingKey: delivery.bookingKey, event: delivery.event.id };
      const queue = `${sink} ${delivery.bookingKey}`;
      const fault = faultOf(sink, delivery);
      tries.push(one);
      if (running.has(queue)) overlaps.push(one);
      if (fault !== undefined) failed.push(one);
      running.add(queue);
      try {
        await setImmediate();
        if (fault === undefined) await work(delivery);
        else if (fault.startsWith("done")) await work(forgetful(delivery));
        await setImmediate();
        if (fault !== undefined) await fail(fault, delivery);
      } finally {
        running.delete(queue);
      }
    },
  };
}

/** An answer that was not seen leaves nothing to remember. */
function forgetful(delivery: SinkDelivery): SinkDelivery {
  const get = (): unknown => delivery.memory.get();
  return { ...delivery, memory: { get, set: () => undefined } };
}

async function fail(fault: Fault, { signal }: SinkDelivery): Promise<never> {
  switch (fault) {
    case "down":
      throw new Unavailable("no connection");
    case "unsure":
    case "done, unsure":
      throw new Unavailable("the connection broke", { ambiguous: true });
    case "rate-limited":
      throw new RateLimited("too many", { retryAfter: 0.001 });
    case "misconfigured":
      throw new Misconfigured("the token was revoked");
    case "hangs":
    case "done, hangs":
      if (!signal.aborted) await once(signal, "abort");
      throw signal.reason;
    case "defect":
    case "done, defect":
      throw new TypeError("undefined is not a function");
  }
}
