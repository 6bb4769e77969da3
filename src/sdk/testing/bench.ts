import { z } from "zod";
import type { SinkDelivery } from "../index.ts";
import { ended, shown, type Attempt } from "./attempt.ts";
import { openSink, type OpenedSink } from "./open-sink.ts";
import { fail } from "./promise.ts";
import { expectNoSecret } from "./secrets.ts";
import { startStandIn, type Received, type StandIn } from "./stand-in.ts";
import type { SinkSubject } from "./subject.ts";

/** One sink, opened before a fresh stand-in. Disposing closes both, whatever the sink does. */
export interface Bench extends AsyncDisposable {
  readonly sink: OpenedSink;
  readonly vendor: StandIn;
  /** One try, however it ends. Fails the case where a secret is told. */
  readonly attempt: (mark?: string, overrides?: Partial<SinkDelivery>) => Promise<Attempt>;
  /** One try of a message that is given. */
  readonly attemptOf: (message: unknown, overrides?: Partial<SinkDelivery>) => Promise<Attempt>;
  /** The requests so far that wrote. */
  readonly writes: () => readonly Received[];
  readonly isWrite: (request: Received) => boolean;
}

/** How long a try may take. */
const TIMEOUT_MS = 4_000;

/** `url` goes to the connection instead of the stand-in's. */
export async function bench(subject: SinkSubject, url?: string): Promise<Bench> {
  const vendor = await (subject.start ?? startStandIn)();
  const sink = await opened(subject, url ?? addressOf(subject, vendor)).catch(async (error: unknown) => {
    await vendor.close();
    throw error;
  });
  const isWrite = (request: Received): boolean => subject.writes?.(request) ?? request.method !== "GET";

  async function attemptOf(message: unknown, overrides: Partial<SinkDelivery> = {}): Promise<Attempt> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new DOMException("the try took too long", "TimeoutError")), TIMEOUT_MS);
    const signal = AbortSignal.any([limit.signal, ...(overrides.signal === undefined ? [] : [overrides.signal])]);
    try {
      const attempt = await ended((async () => sink.deliver(message, { ...overrides, signal }))(), signal);
      expectNoSecret(subject.canaries, attempt, sink.lines);
      return attempt;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    sink,
    vendor,
    isWrite,
    writes: () => vendor.requests.filter(isWrite),
    attemptOf,
    attempt: (mark = "mark", overrides = {}) => attemptOf(messageOf(subject, mark), overrides),
    async [Symbol.asyncDispose]() {
      // That closing works is a case of its own: here it must not hide what another one found.
      await closing(sink);
      await vendor.close();
    },
  };
}

/** A message of the subject, which must fit the sink's own schema. */
export function messageOf(subject: SinkSubject, mark: string): unknown {
  return fitting(`message(${JSON.stringify(mark)})`, subject.plugin.message, subject.message(mark));
}

/** A connection of the subject, which must fit the sink's own schema. */
export function connectionOf(subject: SinkSubject, url: string): unknown {
  return fitting("connection(url)", subject.plugin.connection, subject.connection(url));
}

function fitting(what: string, schema: z.ZodType, value: unknown): unknown {
  const { error } = schema.safeParse(value);
  if (error !== undefined) fail(`${what} of the test fits the sink's schema`, z.prettifyError(error));
  return value;
}

async function opened(subject: SinkSubject, url: string): Promise<OpenedSink> {
  const connection = connectionOf(subject, url);
  try {
    return await openSink(subject.plugin, connection);
  } catch (error) {
    return fail("open resolves with the connection of the test", `it threw ${shown(error)}`);
  }
}

/** An address of the loopback where nobody listens any more. */
export async function deserted(): Promise<string> {
  const gone = await startStandIn();
  await gone.close();
  return gone.url;
}

function addressOf({ start }: SinkSubject, { url }: StandIn): string {
  return start === undefined ? "" : url;
}

const CLOSE_MS = 2_000;

/** Whether a sink closed well and in time; its error where it did not. Never rejects. */
export async function closing(sink: OpenedSink): Promise<{ readonly isClosed: boolean; readonly error?: unknown }> {
  const late = Promise.withResolvers<{ isClosed: false }>();
  const timer = setTimeout(() => late.resolve({ isClosed: false }), CLOSE_MS);
  const closed = sink.close().then(
    () => ({ isClosed: true }),
    (error: unknown) => ({ isClosed: false, error }),
  );
  return Promise.race([closed, late.promise]).finally(() => clearTimeout(timer));
}
