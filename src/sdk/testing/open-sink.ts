import type { z } from "zod";
import { createGuardedFetch } from "../../delivery/guarded-fetch.ts";
import { createSerially } from "../../delivery/serially.ts";
import {
  isSinkFailure,
  type OpenSink,
  type Receipt,
  type SinkDelivery,
  type SinkEvent,
  type SinkFetch,
  type SinkFetchInit,
  type SinkHost,
  type SinkLog,
  type SinkPlugin,
} from "../index.ts";

/** A sink that was opened for a test. */
export interface OpenedSink extends AsyncDisposable {
  /** One try of a message, which the plugin's own schema parses first. Memory lives on between tries of the same booking. */
  deliver(message: unknown, overrides?: Partial<SinkDelivery>): Promise<Receipt | undefined>;
  /** As `check --online` does: a failure counts as a finding. */
  check(message?: unknown): Promise<readonly string[]>;
  /** What the sink remembers of a booking. */
  remembered(bookingKey?: string): unknown;
  /** Every log line so far, as JSON. */
  readonly lines: readonly string[];
  /** Closes the sink, then the network. Once only, however often it is called. */
  close(): Promise<void>;
}

export interface OpenSinkOptions {
  /** How long a try or a check may take where the test does not say: 5 s. */
  readonly timeoutMs?: number;
  /** Whether stand-ins on the loopback can be reached though the plugin does not allow it: true. All other private addresses stay closed. */
  readonly loopback?: boolean;
}

/** What a delivery is about where the test does not say. */
export const exampleEvent: SinkEvent = {
  id: "evt_example",
  source: "cal",
  receivedAt: "2026-03-02T09:00:00.000Z",
  trigger: "BOOKING_CREATED",
  createdAt: "2026-03-02T08:59:59.000Z",
  payload: { uid: "exampleBookingUid0000", title: "Intro call" },
  booking: { key: "exampleBookingUid0000", title: "Intro call", status: "ACCEPTED" },
  answers: {},
  body: '{"triggerEvent":"BOOKING_CREATED","createdAt":"2026-03-02T08:59:59.000Z","payload":{"uid":"exampleBookingUid0000","title":"Intro call"}}',
};

/** Opens a plugin as the relay does, with the relay's own guarded fetch and turns, and a memory per booking. */
export async function openSink<Connection extends z.ZodType, Message extends z.ZodType>(
  plugin: SinkPlugin<Connection, Message>,
  connection: unknown,
  { timeoutMs = 5_000, loopback = true }: OpenSinkOptions = {},
): Promise<OpenedSink> {
  const lines: string[] = [];
  const memories = new Map<string, unknown>();
  const network = createGuardedFetch();
  const within = (signal: AbortSignal): SinkFetch => {
    const fetch = network.within(signal);
    return loopback ? (url, init) => fetch(url, withLoopback(init ?? {})) : fetch;
  };
  const write =
    (level: string): SinkLog["info"] =>
    (message, fields) =>
      void lines.push(JSON.stringify({ level, message, ...fields }));
  const log: SinkLog = { debug: write("debug"), info: write("info"), warn: write("warn") };
  const host: SinkHost = {
    name: "under-test",
    log,
    fetch: within(new AbortController().signal),
    resolve: (hostname, options) => network.resolve(hostname, loopback ? withLoopback(options) : options),
    serially: createSerially(),
  };
  const sink: OpenSink<z.output<Message>> = await plugin.open(plugin.connection.parse(connection), host);
  let count = 0;
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    await sink.close?.();
    await network.close();
  }

  return {
    lines,
    deliver(message, overrides = {}) {
      const bookingKey = overrides.bookingKey ?? "exampleBookingUid0000";
      const signal = overrides.signal ?? AbortSignal.timeout(timeoutMs);
      count += 1;
      return sink.deliver(plugin.message.parse(message), {
        id: `dlv_example${count}`,
        attempt: 1,
        maybeDelivered: false,
        event: exampleEvent,
        memory: { get: () => memories.get(bookingKey), set: (value) => void memories.set(bookingKey, value) },
        fetch: within(signal),
        log,
        ...overrides,
        bookingKey,
        signal,
      });
    },
    async check(message) {
      const parsed = message === undefined ? null : plugin.message.parse(message);
      try {
        return (await sink.check?.(parsed, AbortSignal.timeout(timeoutMs))) ?? [];
      } catch (error) {
        if (isSinkFailure(error)) return [error.message];
        throw error;
      }
    },
    remembered: (bookingKey = "exampleBookingUid0000") => memories.get(bookingKey),
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}

function withLoopback<Options extends Pick<SinkFetchInit, "allowPrivateNetwork">>(options: Options): Options {
  const { allowPrivateNetwork: allowed = false } = options;
  return { ...options, allowPrivateNetwork: allowed === true || [...LOOPBACK, ...(allowed || [])] };
}

const LOOPBACK = ["127.0.0.0/8", "::1"];
