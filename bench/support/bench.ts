import type { Figure } from "./figure.ts";

export interface BenchOptions {
  /** Tells whoever waits how far it is. */
  readonly say: (progress: string) => void;
  /** A folder for CPU profiles of the relay. */
  readonly profile?: string | undefined;
}

/** Measures one thing, and in the same run what it is compared with. Ends everything that it started. */
export type Bench = (options: BenchOptions) => Promise<readonly Figure[]>;
