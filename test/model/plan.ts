import * as fc from "fast-check";

// A sequence as plain data, so that one that fails shrinks to what matters and can be read.

/** What can go wrong with one try. `done`: what was asked for had been done by then. */
export const FAULTS = [
  "down",
  "unsure",
  "done, unsure",
  "rate-limited",
  "misconfigured",
  "hangs",
  "done, hangs",
  "defect",
  "done, defect",
] as const;
export type Fault = (typeof FAULTS)[number];

export const KINDS = ["confirmed", "moved", "relocated", "paid", "absent", "present", "cancelled"] as const;

/** One thing that happens to a booking, and what becomes of its webhook. */
export interface Step {
  readonly kind: (typeof KINDS)[number] | "created" | "requested";
  readonly isLost: boolean;
  /** By how many steps it comes late; once more for each further time that it comes. */
  readonly late: readonly number[];
  /** What is waited for before the next webhook is sent. */
  readonly pause: "none" | "stored" | "delivered";
}

export interface Story {
  /** Whether bodies have an `iCalUID`, which names the booking's first row; without it only reschedules link the rows. */
  readonly namesRoot: boolean;
  /** Whether bodies have an `iCalSequence`. */
  readonly isNumbered: boolean;
  readonly steps: readonly Step[];
  /** What goes wrong with the first tries, for each of several sinks. */
  readonly faults: readonly (readonly Fault[])[];
}

/** The bookings of one sequence. */
export type Plan = readonly Story[];

export interface PlanLimits {
  readonly sinks: number;
  readonly faults: readonly Fault[];
  readonly bookings: number;
  /** Of one booking. */
  readonly steps: number;
}

export function plans({ sinks, faults, bookings, steps }: PlanLimits): fc.Arbitrary<Plan> {
  const story: fc.Arbitrary<Story> = fc.record({
    namesRoot: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
    isNumbered: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
    steps: fc
      .tuple(
        step(fc.constantFrom("created", "requested")),
        fc.array(step(fc.constantFrom(...KINDS)), { maxLength: steps - 1 }),
      )
      .map(([first, rest]) => [first, ...rest]),
    faults: fc.array(fc.array(fc.constantFrom(...faults), { maxLength: 3 }), { minLength: sinks, maxLength: sinks }),
  });
  return fc.array(story, { minLength: 1, maxLength: bookings });
}

function step(kind: fc.Arbitrary<Step["kind"]>): fc.Arbitrary<Step> {
  const delay = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(7));
  return fc.record({
    kind,
    isLost: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, fc.constant(true)),
    late: fc.oneof({ weight: 4, arbitrary: fc.tuple(delay) }, fc.array(delay, { minLength: 1, maxLength: 3 })),
    pause: fc.oneof(
      { weight: 4, arbitrary: fc.constant<Step["pause"]>("none") },
      fc.constantFrom<Step["pause"][]>("stored", "delivered"),
    ),
  });
}
