import { pace } from "./pace.ts";
import type { Receiver } from "./receiver.ts";
import { numberOf } from "./webhooks.ts";

/** Milliseconds from the moment a webhook was due to be sent to its arrival at the receiver, of every webhook of one steady run. */
export async function latencies(
  url: string,
  receiver: Receiver,
  steady: { readonly perSecond: number; readonly seconds: number },
): Promise<readonly number[]> {
  const due = new Map<number, number>();
  const taken: number[] = [];
  const all = receiver.rate(steady.perSecond * steady.seconds);
  receiver.listen((body) => {
    const at = due.get(numberOf(body));
    if (at !== undefined) taken.push(performance.now() - at);
  });
  await pace(url, steady, (number, at) => due.set(number, at));
  await all;
  return taken;
}
