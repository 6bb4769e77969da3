import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Accept } from "../accept.ts";
import { LedgerUnavailable } from "../ledger/errors.ts";
import type { Lease, WorkLedger } from "../ledger/ledger.ts";
import { createTurns } from "../ledger/rate.ts";
import { readClaims, type ClaimRow } from "../ledger/rows.ts";
import { createCalls } from "./calls.ts";
import { flatten, revive } from "./errors.ts";
import { plainRules, type Rules } from "./plain.ts";

/** A ledger, and accepting into it. */
export interface Store {
  readonly ledger: WorkLedger;
  /** As `createAccept` describes, by the rules in force. */
  readonly accept: Accept;
  /** Accepts by these from now on. */
  readonly rule: (rules: Rules) => Promise<void>;
}

/**
 * Most of what a webhook makes dies young; a small nursery keeps the thread small. Between 16, 48 and 96 MB no difference was to be measured.
 */
const YOUNG_MB = 96;

/** Opens the ledger as the one relay on the file. Rejects with LedgerRefused. A defect that ends the thread ends the process. */
export async function startEmbedded(file: string): Promise<Store> {
  const thread = new Worker(new URL(`thread${extname(import.meta.url)}`, import.meta.url), {
    name: "ledger",
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const listeners = new Set<(sink: string) => void>();
  const work = (sink: string): void => {
    for (const listener of listeners) listener(sink);
  };
  const calls = createCalls({ port: thread, offer: { work }, flatten, revive });
  const ended = once(thread, "exit").then(() => calls.end(new LedgerUnavailable("the ledger is closed")));

  /** A method of the ledger that is the same over there. */
  function passed<Name extends Passed>(name: Name): WorkLedger[Name] {
    // The other end offers the ledger's own method under this name.
    return ((...args: readonly unknown[]) => calls.call(name, args)) as WorkLedger[Name];
  }

  await calls.call("open", [file]).catch(async (error: unknown) => {
    await thread.terminate();
    throw error;
  });
  const turns = createTurns(() => performance.now());
  const settle = passed("settle");
  const release = passed("release");
  let closing: Promise<void> | undefined;
  return {
    accept: ({ body, ...webhook }) => calls.call("accept", [{ ...webhook, body: latin1(body) }]) as ReturnType<Accept>,
    rule: (rules) => calls.call("rule", [plainRules(rules)]) as Promise<void>,
    ledger: {
      claim: async (...wanted) => readClaims((await calls.call("claim", wanted)) as ClaimRow[], release),
      settle: (claim, settlement) => settle(leaseOf(claim), settlement),
      release: (claim) => release(leaseOf(claim)),
      onWork(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      nextDue: passed("nextDue"),
      turn: async (...turn) => turns(...turn),
      lock: async () => true,
      unlock: async () => undefined,
      hold: passed("hold"),
      lift: passed("lift"),
      holds: passed("holds"),
      events: passed("events"),
      event: passed("event"),
      deliveries: passed("deliveries"),
      delivery: passed("delivery"),
      attempts: passed("attempts"),
      backlog: passed("backlog"),
      retry: passed("retry"),
      replay: passed("replay"),
      receivedSince: passed("receivedSince"),
      secret: passed("secret"),
      sweep: passed("sweep"),
      ping: passed("ping"),
      close: () => (closing ??= Promise.all([calls.call("close", []), ended]).then(() => undefined)),
    },
  };
}

type Passed = Exclude<keyof WorkLedger, "claim" | "turn" | "lock" | "unlock" | "onWork" | "close">;

/** A claim without what it costs to send: its event. */
function leaseOf({ delivery, lease }: Lease): Lease {
  const { id, sink, target, bookingKey, dueAt, maybeDelivered } = delivery;
  return { delivery: { id, sink, target, bookingKey, dueAt, maybeDelivered }, lease };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
