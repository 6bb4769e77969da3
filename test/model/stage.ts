import type { Delivery, Ledger } from "../../src/ledger/ledger.ts";
import type { Acting } from "./acting.ts";
import type { Accepted } from "./model.ts";
import type { Plan } from "./plan.ts";
import type { Standing } from "./standing.ts";
import { sendings, type Fact, type Sending } from "./webhooks.ts";
import type { World } from "./world.ts";

/** Where sequences are run to their end, one after the other. */
export interface Stage extends AsyncDisposable {
  /** Never two at a time. */
  run(plan: Plan): Promise<Ended>;
}

/** How one sequence ended. */
export interface Ended extends Played, Pick<Acting, "tries" | "overlaps"> {
  /** How many failures were made. */
  readonly injected: number;
  readonly standing: Standing;
}

export interface Played {
  /** What the webhooks said, in the order in which they were sent; one that came twice is in it twice. */
  readonly sent: readonly Fact[];
  /** In the order of acceptance. */
  readonly accepted: readonly Accepted[];
  readonly deliveries: readonly Delivery[];
}

/** Sends a plan's webhooks and waits until everything is settled; `name` is no other plan's of this world. */
export async function play(world: World, plan: Plan, name: string): Promise<Played> {
  const sent = sendings(plan, name);
  const answered = await sendAll(world, sent);
  await world.settled();
  return { sent: sent.map(({ fact }) => fact), ...(await recordOf(world.ledger, answered)) };
}

interface Answered {
  readonly event: string;
  readonly fact: Fact;
}

/** Sends each webhook, as its plan says before, while or after the ones before it are stored and delivered. */
async function sendAll(world: World, sent: readonly Sending[]): Promise<readonly Answered[]> {
  const answers: Promise<Answered | null>[] = [];
  for (const { fact, pause } of sent) {
    const answer = world.accept({ source: "cal", body: Buffer.from(fact.body), signature: undefined });
    answers.push(
      answer.then((acceptance) => {
        if (acceptance.status === "refused") throw new Error(`refused: ${acceptance.reason}`);
        return acceptance.status === "accepted" ? { event: acceptance.event, fact } : null;
      }),
    );
    if (pause !== "none") await Promise.all(answers);
    if (pause === "delivered") await world.settled();
  }
  return (await Promise.all(answers)).filter((one) => one !== null);
}

async function recordOf(
  ledger: Ledger,
  answered: readonly Answered[],
): Promise<Pick<Played, "accepted" | "deliveries">> {
  const accepted: Accepted[] = [];
  const deliveries: Delivery[] = [];
  for (const one of answered) {
    const stored = await ledger.event(one.event);
    if (stored === null) throw new Error(`${one.event} was acknowledged and is not there`);
    accepted.push({ ...one, key: stored.bookingKey });
    deliveries.push(...(await ledger.deliveries({ event: one.event, limit: 100 })));
  }
  return { accepted, deliveries };
}
