import type { RunningRelay } from "../support/process.ts";
import type { Moment, SetTrap } from "./kills.ts";
import type { Random } from "./random.ts";
import type { Sender } from "./sender.ts";

/** Answers before the trap is set, at most. */
const MOST_BEFORE = 5;
/** How many connections post, and how often after the trap was set, so that what it waits for happens. */
const USUAL = { connections: 6, after: 6 };
/** The more requests share a commit, the longer it takes to answer them all. */
const CROWD = { connections: 24, after: 48 };
/** A trap that does not spring, since what it waits for did not happen, must not end the torture. */
const PATIENCE_MS = 10_000;

/** Posts over several connections until the relay is killed. Gives the moment at which it was: the one that was wanted, or a random one. */
export async function postUntilKilled(
  relay: RunningRelay,
  wanted: Moment,
  { sender, random, setTrap }: { sender: Sender; random: Random; setTrap: SetTrap },
): Promise<Moment> {
  const { connections, after } = wanted === "commit" ? CROWD : USUAL;
  const before = random.upTo(MOST_BEFORE);
  let moment = wanted;
  let answers = 0;
  let left = before + after;
  let undo: (() => void) | undefined;

  async function postOn(): Promise<void> {
    while (left > 0) {
      left -= 1;
      await sender.post(relay);
      answers += 1;
      if (answers >= before) undo ??= setTrap(wanted, relay);
    }
  }

  const patience = setTimeout(() => {
    moment = "random";
    void relay.end("SIGKILL");
  }, PATIENCE_MS);
  // Each connection ends by being cut, or by having posted enough.
  const posting = Promise.allSettled(Array.from({ length: connections }, postOn));
  const { code, stderr } = await relay.over;
  clearTimeout(patience);
  undo?.();
  const [refused] = (await posting).flatMap((one) => (one.status === "rejected" && !isCut(one.reason) ? [one] : []));
  if (refused !== undefined) throw refused.reason;
  if (code !== null) throw new Error(`the relay ended by itself, with ${code}: ${stderr}`);
  return moment;
}

/** What fetch makes of a connection that ends before the answer does. */
function isCut(reason: unknown): boolean {
  return reason instanceof TypeError;
}
