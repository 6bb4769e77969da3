import { randomUUID } from "node:crypto";
import { onTestFinished } from "vitest";
import type { Claim, Ledger } from "../../src/ledger/ledger.ts";
import { START } from "./samples.ts";

export interface LedgerOptions {
  /** Names a ledger: a name not used before is an empty one, a name used before is that one, opened again. */
  readonly store: string;
  readonly now: () => number;
}

export type OpenLedger = (options: LedgerOptions) => Promise<Ledger>;

export interface Scene {
  readonly ledger: Ledger;
  /** Epoch milliseconds, moved by hand. */
  readonly clock: { time: number };
  /** Closes the ledger and opens it again, as a restart does. */
  readonly restart: () => Promise<Ledger>;
}

/** An empty ledger with a clock of its own, closed when the test is finished. */
export async function scene(open: OpenLedger): Promise<Scene> {
  const clock = { time: START };
  const options = { store: randomUUID(), now: () => clock.time };
  let ledger = await open(options);
  onTestFinished(() => ledger.close());
  return {
    ledger,
    clock,
    async restart() {
      await ledger.close();
      ledger = await open(options);
      return ledger;
    },
  };
}

/** Claims exactly one. */
export async function claimOne(ledger: Ledger, sink = "crm"): Promise<Claim> {
  const [claim] = await ledger.claim(sink, 1, 1_000);
  if (claim === undefined) throw new Error(`nothing of ${sink} can be claimed`);
  return claim;
}

/** Which deliveries can be claimed now, by id; they are handed back. */
export async function claimable(ledger: Ledger, sink = "crm"): Promise<string[]> {
  const claims = await ledger.claim(sink, 100, 1_000);
  await Promise.all(claims.map((claim) => ledger.release(claim)));
  return claims.map(({ delivery }) => delivery.id);
}
