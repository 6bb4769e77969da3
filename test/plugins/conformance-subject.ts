import { inspect } from "node:util";
import { expect, onTestFinished } from "vitest";
import {
  isSinkFailure,
  type Receipt,
  type SinkDelivery,
  type SinkFailure,
  type SinkPlugin,
} from "../../src/sdk/index.ts";
import { openSink, type OpenedSink } from "../../src/sdk/testing/open-sink.ts";
import type { Received, StandIn } from "../../src/sdk/testing/stand-in.ts";

/** How a try ends: well, or by one of the four failures. */
export type Outcome = "delivered" | SinkFailure["outcome"];

/** What the suite needs to know of a sink. */
export interface SinkSubject {
  readonly plugin: SinkPlugin;
  /** What stands under `sinks.<name>` in the YAML. `url` is where the stand-in listens; empty without one. */
  connection(url: string): unknown;
  /** What a target renders to: accepted by the stand-in and written in one request, in which `mark` (`[a-z0-9]+`) appears. */
  message(mark: string): unknown;
  /** Every secret of the connection, as it would show in a text. */
  readonly canaries: readonly string[];
  /** The vendor's stand-in, fresh for each test. A sink that does not speak HTTP has none, and keeps only the promises of every sink. */
  readonly start?: () => Promise<StandIn>;
  /** Which requests write; by default all but GET. A try makes one of them at most. */
  writes?(request: Received): boolean;
  /** How a try ends on an HTTP status where the vendor means something else by it than a plain receiver does. */
  readonly statuses?: Readonly<Partial<Record<number, Outcome>>>;
}

/** One sink, opened before a fresh stand-in, both closed when the test ends. */
export interface Bench {
  readonly sink: OpenedSink;
  readonly vendor: StandIn;
  /** One try, which must end well or by one of the four failures, and must not tell a secret. */
  readonly attempt: (mark?: string, overrides?: Partial<SinkDelivery>) => Promise<Attempt>;
  /** The requests so far that wrote. */
  readonly writes: () => readonly Received[];
  readonly isWrite: (request: Received) => boolean;
}

export interface Attempt {
  readonly outcome: Outcome;
  readonly receipt?: Receipt | undefined;
  readonly failure?: SinkFailure;
}

const nothing = (): Promise<void> => Promise.resolve();
const noVendor: StandIn = {
  url: "",
  requests: [],
  misbehave: () => undefined,
  close: nothing,
  [Symbol.asyncDispose]: nothing,
};

export async function bench(subject: SinkSubject, url?: string): Promise<Bench> {
  const vendor = (await subject.start?.()) ?? noVendor;
  onTestFinished(() => vendor.close());
  const sink = await openSink(subject.plugin, subject.connection(url ?? vendor.url));
  onTestFinished(() => sink.close());
  const isWrite = (request: Received): boolean => subject.writes?.(request) ?? request.method !== "GET";
  return {
    sink,
    vendor,
    isWrite,
    writes: () => vendor.requests.filter(isWrite),
    async attempt(mark = "mark", overrides = {}) {
      const attempt = await ended(sink.deliver(subject.message(mark), overrides));
      expect(secretsTold(subject, attempt, sink.lines)).toEqual([]);
      return attempt;
    },
  };
}

async function ended(delivery: Promise<Receipt | undefined>): Promise<Attempt> {
  const [settled] = await Promise.allSettled([delivery]);
  if (settled.status === "fulfilled") return { outcome: "delivered", receipt: settled.value };
  const failure: unknown = settled.reason;
  if (isSinkFailure(failure)) return { outcome: failure.outcome, failure };
  throw new Error("the sink threw something else than one of the four failures", { cause: failure });
}

/** The canaries that anything a try left behind would tell: as a log line, a page or a debugger would print it. */
function secretsTold({ canaries }: SinkSubject, attempt: Attempt, lines: readonly string[]): readonly string[] {
  const told = [inspect(attempt, { depth: 5 }), JSON.stringify(attempt), ...lines, ...printedCauses(attempt.failure)];
  return canaries.filter((canary) => told.some((text) => text.includes(canary)));
}

function printedCauses(error: unknown): string[] {
  if (!(error instanceof Error)) return error === undefined ? [] : [inspect(error, { depth: 5 })];
  const own = [error.name, error.message, error.stack ?? "", JSON.stringify(error), inspect(error, { depth: 5 })];
  return [...own, ...printedCauses(error.cause)];
}
