import { Agent, request } from "undici";
import { setTimeout as sleep } from "node:timers/promises";
import { signed, webhook } from "./webhooks.ts";

const TICK_MS = 2;
let sent = 0;

/**
 * Posts `perSecond` signed webhooks each second for `seconds`, whether or not the earlier ones were answered. `onSend` hears each one's
 * number at the moment it was due, so that a late sender counts as latency. Throws unless every answer is a 202.
 */
export async function pace(
  url: string,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  onSend: (number: number, dueAt: number) => void = () => undefined,
): Promise<void> {
  await using agent = agentOf(perSecond);
  const startedAt = performance.now();
  const count = perSecond * seconds;
  const posts: Promise<void>[] = [];
  for (let index = 0; index < count;) {
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond) + 1);
    for (; index < due; index++) {
      const number = ++sent;
      onSend(number, startedAt + (index / perSecond) * 1_000);
      posts.push(post(agent.dispatcher, `${url}/hooks/cal`, webhook(number)));
    }
    await sleep(TICK_MS);
  }
  await Promise.all(posts);
}

async function post(dispatcher: Agent, url: string, body: string): Promise<void> {
  const answer = await request(url, { method: "POST", body, headers: signed(body), dispatcher });
  await answer.body.dump();
  if (answer.statusCode !== 202) throw new Error(`${url} answered ${answer.statusCode}`);
}

/** Enough connections that no request waits for one. */
function agentOf(connections: number): AsyncDisposable & { readonly dispatcher: Agent } {
  const dispatcher = new Agent({ connections });
  return { dispatcher, [Symbol.asyncDispose]: () => dispatcher.destroy() };
}
