import { rmSync, writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { RunningRelay } from "../support/process.ts";
import type { Received, StandIn } from "../../src/sdk/testing/stand-in.ts";
import type { Arena } from "./arena.ts";
import type { Random } from "./random.ts";

/** The moments at which a relay is killed: any one; after a commit, before its answers; after a sink wrote, before that is settled. */
export const MOMENTS = ["random", "commit", "own", "webhook", "sheet", "notion", "slack"] as const;
export type Moment = (typeof MOMENTS)[number];

/** Sees to it that the relay, which is being posted to, dies at such a moment. Returns what to undo once it is dead. */
export type SetTrap = (moment: Moment, relay: RunningRelay) => () => void;

/** Long for what is under way, short beside the start of the next relay. */
const SOON_MS = 30;
const LATER_MS = 300;
const MOST_COMMITS = 3;

export interface Traps extends AsyncDisposable {
  readonly set: SetTrap;
}

export function createTraps({ vendors, ledgerFile, trigger }: Arena, random: Random): Traps {
  const watcher = new Worker(new URL("commit-watcher.ts", import.meta.url));

  /** The vendor does what it is asked and answers nothing: the relay cannot have settled what it dies of. */
  function afterWrite(vendor: StandIn, isWrite: (request: Received) => boolean, relay: RunningRelay): () => void {
    let isSet = true;
    const die = (): void => void relay.end("SIGKILL");
    vendor.misbehave({ kind: "hang-after", afterwards: die }, (request) => isSet && isWrite(request));
    return () => (isSet = false);
  }

  return {
    set(moment, relay) {
      switch (moment) {
        case "random": {
          const delayMs = random.next() * (random.next() < 0.5 ? SOON_MS : LATER_MS);
          const timer = setTimeout(() => void relay.end("SIGKILL"), delayMs);
          return () => clearTimeout(timer);
        }
        case "commit":
          watcher.postMessage({ file: ledgerFile, pid: relay.pid, commits: random.upTo(MOST_COMMITS) }, []);
          return () => undefined;
        case "own":
          writeFileSync(trigger, "");
          return () => rmSync(trigger, { force: true });
        case "webhook":
          return afterWrite(vendors.receiver, () => true, relay);
        case "sheet":
          return afterWrite(vendors.sheets, ({ path }) => /:(append|batchUpdate)$/.test(path), relay);
        case "notion":
          return afterWrite(
            vendors.notion,
            ({ method, path }) => /^(POST|PATCH) \/v1\/pages/.test(`${method} ${path}`),
            relay,
          );
        case "slack":
          return afterWrite(vendors.slack, ({ path }) => /\/chat\.(postMessage|update)$/.test(path), relay);
      }
    },
    async [Symbol.asyncDispose]() {
      await watcher.terminate();
    },
  };
}
