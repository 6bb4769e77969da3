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
  /** An opening that fails, or that hangs until the signal aborts, is forgotten: the next try opens anew. */
  open(signal: AbortSignal): Promise<OpenSink<unknown>>;
  fetchWithin(signal: AbortSignal): SinkFetch;
  readonly log: SinkLog;
  /** Never rejects, and waits for the plugin no longer than a stop can bear. */
  close(): Promise<void>;
}

const CLOSE_MS = 2_000;

export function createOpened({ sink, network, serially, log, stop }: OpenedOptions): Opened {
  const sinkLog = createSinkLog(log, sink.name);
  const host: SinkHost = {
    name: sink.name,
    log: sinkLog,
    fetch: network.within(stop),
    resolve: network.resolve,
    serially,
  };
  let opened: Promise<OpenSink<unknown>> | undefined;

  async function closeOpened(): Promise<void> {
    const toClose = await opened?.catch(() => undefined);
    await toClose?.close?.();
  }

  return {
    async open(signal) {
      const opening = (opened ??= sink.plugin.open(sink.connection, host));
      const forget = (): void => {
        if (opened === opening) opened = undefined;
      };
      signal.addEventListener("abort", forget, { once: true });
      try {
        return await opening;
      } catch (error) {
        forget();
        throw error;
      } finally {
        signal.removeEventListener("abort", forget);
      }
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
