import { setTimeout as sleepFor } from "node:timers/promises";
import { defectFields } from "../observe/failure.ts";
import type { Log } from "../observe/log.ts";
import type { OpenSink, SinkFetch, SinkHost, SinkLog } from "../sdk/index.ts";
import type { GuardedFetch } from "./guarded-fetch.ts";
import type { PlannedSink } from "./plan.ts";
import { createSinkLog } from "./sink-log.ts";

export interface OpenedOptions {
  readonly sink: PlannedSink;
  readonly network: GuardedFetch;
  readonly serially: SinkHost["serially"];
  readonly log: Log;
  readonly stop: AbortSignal;
}

/** A sink's plugin, opened when first needed. */
export interface Opened {
  /** A try that failed is forgotten, so that the next one opens anew. */
  open(): Promise<OpenSink<unknown>>;
  fetchWithin(signal: AbortSignal): SinkFetch;
  readonly log: SinkLog;
  /** Never rejects, and waits for the plugin no longer than a stop can bear. */
  close(): Promise<void>;
}

const CLOSE_MS = 2_000;

export function createOpened({ sink, network, serially, log, stop }: OpenedOptions): Opened {
  const sinkLog = createSinkLog(log, sink.name);
  const host: SinkHost = { name: sink.name, log: sinkLog, fetch: network.within(stop), serially };
  let opened: Promise<OpenSink<unknown>> | undefined;

  async function closeOpened(): Promise<void> {
    const toClose = await opened?.catch(() => undefined);
    await toClose?.close?.();
  }

  return {
    open() {
      opened ??= sink.plugin.open(sink.connection, host).catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return opened;
    },
    fetchWithin: (signal) => network.within(signal),
    log: sinkLog,
    async close() {
      const done = new AbortController();
      const closed = closeOpened()
        .catch((error: unknown) =>
          log.error({ sink: sink.name, ...defectFields(error) }, "the sink did not close well"),
        )
        .finally(() => done.abort());
      await Promise.race([closed, sleepFor(CLOSE_MS, undefined, { signal: done.signal }).catch(() => undefined)]);
    },
  };
}
