import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { z } from "zod";
import type { PlannedSink } from "../../src/delivery/plan.ts";
import { startWorker, type Worker } from "../../src/delivery/worker.ts";
import type { Booking, Event, Json, Person } from "../../src/event.ts";
import type { Delivery, Ledger } from "../../src/ledger/ledger.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite/open.ts";
import { createLog } from "../../src/observe/log.ts";
import { createMask } from "../../src/observe/mask.ts";
import { createMetrics, type Metrics } from "../../src/observe/metrics.ts";
import { createRenderer } from "../../src/rendering/renderer.ts";
import { defineSink, type OpenSink, type SinkDelivery, type SinkPlugin } from "../../src/sdk/index.ts";
import { tempFolder } from "./temp.ts";

type Deliver = (message: { text: string }, delivery: SinkDelivery) => Promise<{ id?: string } | undefined>;

/** A sink whose `deliver` is the test's own. */
export function actedSink(deliver: Deliver, more: Partial<OpenSink<{ text: string }>> = {}): SinkPlugin {
  return defineSink({
    type: "acted",
    title: "Acted message",
    connection: z.strictObject({}),
    message: z.strictObject({ text: z.string().max(50) }),
    secrets: [],
    open: () => Promise.resolve({ deliver, ...more }),
  });
}

export function plannedSink(name: string, plugin: SinkPlugin, more: Partial<PlannedSink> = {}): PlannedSink {
  const retry = { firstMs: 5, maxMs: 20, forMs: 60_000 };
  const limits = { concurrency: 4, rate: null, timeoutMs: 5_000, breaker: { after: 1_000 } };
  return { name, plugin, connection: {}, missing: [], retry, ...limits, ...more };
}

export interface Bench {
  readonly ledger: Ledger;
  readonly metrics: Metrics;
  readonly lines: readonly string[];
  /** Milliseconds added to the clock. */
  skew: number;
  start(...sinks: readonly PlannedSink[]): Promise<Worker>;
  /** Accepts an event of a booking for each of `sinks`, to the target `route/<sink>`; gives its delivery ids. */
  accept(booking: string, text: Json, ...sinks: readonly string[]): Promise<readonly string[]>;
  /** Waits until the delivery is in this state. */
  reaches(delivery: string, state: Delivery["state"]): Promise<Delivery>;
}

/** A worker on a real ledger, with one route whose text is the payload's. */
export async function workerBench(text = "{{ payload }}", wrap = (ledger: Ledger): Ledger => ledger): Promise<Bench> {
  const lines: string[] = [];
  const mask = createMask(["canary-secret"]);
  const bench = { skew: 0 };
  const now = (): number => Date.now() + bench.skew;
  const ledger = await openSqliteLedger({ file: join(tempFolder(), "relay.db"), now, mode: "relay" });
  onTestFinished(() => ledger.close());
  const log = createLog({ level: "debug", mask, destination: { write: (line: string) => void lines.push(line) } });
  const metrics = createMetrics({ deliveries: () => ledger.backlog(), holds: () => ledger.holds(), now });
  const { template } = createRenderer({ timeZone: "UTC", locale: "en" }).compile({ text });
  let count = 0;

  return Object.assign(bench, {
    ledger,
    metrics,
    lines,
    async start(...sinks: readonly PlannedSink[]) {
      const plan = {
        sinks: new Map(sinks.map((sink) => [sink.name, sink])),
        targets: new Map(sinks.map(({ name }) => [`route/${name}`, { route: "route", template }])),
      };
      const worker = await startWorker({ ledger: wrap(ledger), plan, log, mask, metrics, now, random: () => 0.5 });
      onTestFinished(() => worker.close(0));
      return worker;
    },
    async accept(booking: string, payload: Json, ...sinks: readonly string[]) {
      const id = `evt_${String((count += 1)).padStart(26, "0")}`;
      await ledger.accept({
        id,
        source: "cal",
        receivedAt: now(),
        trigger: "BOOKING_CREATED",
        duplicateKeys: [],
        dedupeMs: 0,
        identity: { uid: booking, previousUid: null, rootUid: null },
        decide: (key) => ({
          event: event(id, key, payload),
          verdicts: [],
          deliveries: sinks.map((sink) => ({ route: "route", target: `route/${sink}`, sink })),
          known: null,
        }),
        unite: (known) => known,
      });
      return (await ledger.deliveries({ event: id, limit: 100 })).map((delivery) => delivery.id).toSorted();
    },
    reaches: (delivery: string, state: Delivery["state"]) =>
      vi.waitFor(
        async () => {
          const found = await ledger.delivery(delivery);
          if (found?.state !== state) throw new Error(`${delivery} is ${found?.state}, not ${state}: ${found?.reason}`);
          return found;
        },
        { timeout: 10_000, interval: 5 },
      ),
  });
}

const nobody: Person = { name: null, email: null, timeZone: null, locale: null, phone: null, hourCycle: null };

function event(id: string, key: string, payload: Json): Event {
  const at = "2026-03-02T09:00:00.000Z";
  const unsaid = { uid: null, id: null, status: null, title: null, type: null, start: null, end: null, minutes: null };
  const booking: Booking = {
    ...unsaid,
    key,
    location: null,
    meetingUrl: null,
    price: null,
    currency: null,
    sequence: null,
    organizer: nobody,
    attendee: nobody,
    attendees: [],
    guests: [],
    cancellation: { reason: null, by: null, requestReschedule: null },
    reschedule: { fromUid: null, fromStart: null, fromEnd: null, by: null, reason: null },
    rejection: { reason: null },
  };
  return {
    id,
    source: "cal",
    receivedAt: at,
    trigger: "BOOKING_CREATED",
    createdAt: at,
    payload,
    booking,
    recency: null,
    answers: {},
    body: "{}",
    drift: [],
  };
}
