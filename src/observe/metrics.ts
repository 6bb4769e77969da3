import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export interface Metrics {
  /** Prometheus' text format. */
  render(): Promise<string>;
  readonly contentType: string;
  event(labels: { source: string; trigger: string; outcome: string }): void;
  refusal(labels: { source: string; reason: string }): void;
  drift(labels: { source: string; trigger: string }): void;
  acceptSeconds(seconds: number): void;
  attempt(labels: { sink: string; route: string; outcome: string }, seconds: number): void;
  reloaded(isGood: boolean): void;
}

/** What only the ledger knows, asked at each scrape. */
export interface Levels {
  deliveries(): Promise<readonly { sink: string; state: string; count: number; oldest: number | null }[]>;
  holds(): Promise<readonly { sink: string; kind: string }[]>;
  readonly now: () => number;
}

/** Labels are names from the configuration and closed sets: never an id, an address or anything a stranger sends. */
export function createMetrics(levels: Levels): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "cal_relay_" });

  const events = new Counter({
    name: "cal_relay_events_total",
    help: "Webhooks accepted, by what became of them: accepted, duplicate, pong.",
    labelNames: ["source", "trigger", "outcome"],
    registers,
  });
  const refusals = new Counter({
    name: "cal_relay_refusals_total",
    help: "Webhooks refused, by reason.",
    labelNames: ["source", "reason"],
    registers,
  });
  const drifts = new Counter({
    name: "cal_relay_drift_total",
    help: "Accepted events whose payload did not fit the schema known for their trigger.",
    labelNames: ["source", "trigger"],
    registers,
  });
  const accepts = new Histogram({
    name: "cal_relay_accept_duration_seconds",
    help: "From the request's last byte to the answer, the durable commit included.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers,
  });
  const attempts = new Counter({
    name: "cal_relay_attempts_total",
    help: "Tries at a delivery, by outcome.",
    labelNames: ["sink", "route", "outcome"],
    registers,
  });
  const durations = new Histogram({
    name: "cal_relay_attempt_duration_seconds",
    help: "How long a try took, rendering included.",
    labelNames: ["sink"],
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
    registers,
  });
  const reload = new Gauge({
    name: "cal_relay_config_last_reload_successful",
    help: "1 when the configuration in force is the one in the file.",
    registers,
  });
  const readLevels = addLevels(registry, levels);

  return {
    contentType: registry.contentType,
    async render() {
      await readLevels();
      return registry.metrics();
    },
    event: (labels) => events.inc(labels),
    refusal: (labels) => refusals.inc(labels),
    drift: (labels) => drifts.inc(labels),
    acceptSeconds: (seconds) => accepts.observe(seconds),
    attempt(labels, seconds) {
      attempts.inc(labels);
      durations.observe({ sink: labels.sink }, seconds);
    },
    reloaded: (isGood) => reload.set(isGood ? 1 : 0),
  };
}

/** Returns how to read them. Where the ledger does not answer they are left out: the rest is worth the more just then. */
function addLevels(registry: Registry, levels: Levels): () => Promise<void> {
  const registers = [registry];
  const oldest = new Gauge({
    name: "cal_relay_oldest_unsettled_seconds",
    help: "Age of the oldest delivery that is neither delivered nor given up.",
    labelNames: ["sink"],
    registers,
  });
  const deliveries = new Gauge({
    name: "cal_relay_deliveries",
    help: "Deliveries in the ledger, by state.",
    labelNames: ["sink", "state"],
    registers,
  });
  const holds = new Gauge({
    name: "cal_relay_sink_held",
    help: "1 for each sink that is held, by the kind of hold.",
    labelNames: ["sink", "kind"],
    registers,
  });
  const answers = new Gauge({
    name: "cal_relay_ledger_up",
    help: "1 when the ledger answered this scrape.",
    registers,
  });

  return async function readLevels() {
    const known = await Promise.all([levels.deliveries(), levels.holds()]).catch(() => null);
    answers.set(known === null ? 0 : 1);
    const [counts, held] = known ?? [[], []];
    for (const gauge of [deliveries, oldest, holds]) gauge.reset();
    for (const { sink, kind } of held) holds.set({ sink, kind }, 1);
    const ages = new Map<string, number>();
    for (const { sink, state, count, oldest: since } of counts) {
      deliveries.set({ sink, state }, count);
      if (since !== null) ages.set(sink, Math.max(ages.get(sink) ?? 0, levels.now() - since));
    }
    for (const [sink, ageMs] of ages) oldest.set({ sink }, ageMs / 1000);
  };
}
