import type { Lease, Settlement } from "../ledger.ts";

/** A claim that is being settled. */
export interface Settling {
  readonly claim: Lease;
  readonly settlement: Settlement;
}

/** One that was moved. */
export interface Moved extends Settling {
  readonly at: number;
  readonly job: string;
  /** The booking's by now. */
  readonly key: string;
}

/** Whether the key that it ran under has been lost since. */
export function isOfLost({ claim, key }: Moved): boolean {
  return key !== claim.delivery.bookingKey;
}
