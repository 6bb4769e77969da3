import { sampleEvent } from "../cal/samples.ts";
import { TRIGGERS } from "../cal/triggers.ts";
import type { Config, ConfiguredRoute, SinkConfig, Target } from "../config/config.ts";
import { createGuardedFetch } from "../delivery/guarded-fetch.ts";
import { messageOf } from "../delivery/message.ts";
import { createSerially } from "../delivery/serially.ts";
import type { Event } from "../event.ts";
import { createMask } from "../observe/mask.ts";
import { onMatches } from "../routing/match.ts";
import type { OpenSink, SinkLog } from "../sdk/index.ts";
import { pluginFailure } from "../delivery/plugin-failure.ts";

/** Something that only the vendor could tell. */
export interface Finding {
  readonly sink: string;
  /** Null for what concerns the whole sink. */
  readonly target: string | null;
  readonly message: string;
}

const SINK_TIMEOUT_MS = 20_000;
const silent: SinkLog = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** Asks every sink that has its credentials whether its targets would work. Changes nothing at the vendors. */
export async function askSinks(config: Config): Promise<readonly Finding[]> {
  const network = createGuardedFetch();
  const mask = createMask(config.secrets);
  try {
    const asked = config.sinks
      .filter(({ missing }) => missing.length === 0)
      .map((sink) => askSink(config, sink, network.within(AbortSignal.timeout(SINK_TIMEOUT_MS))));
    return (await Promise.all(asked)).flat().map((one) => ({ ...one, message: mask.text(one.message) }));
  } finally {
    await network.close();
  }
}

type Fetch = ReturnType<ReturnType<typeof createGuardedFetch>["within"]>;

async function askSink({ routes }: Config, sink: SinkConfig, fetch: Fetch): Promise<readonly Finding[]> {
  const { name, plugin, connection } = sink;
  const signal = AbortSignal.timeout(SINK_TIMEOUT_MS);
  let opened: OpenSink<unknown> | undefined;
  try {
    opened = await plugin.open(connection, { name, log: silent, fetch, serially: createSerially() });
    const findings: Finding[] = [];
    for (const route of routes)
      for (const target of route.targets.filter((one) => one.sink === name))
        findings.push(...(await askTarget(opened, sink, route, target, signal)));
    return findings;
  } catch (error) {
    return [{ sink: name, target: null, message: pluginFailure(error) }];
  } finally {
    await opened?.close?.();
  }
}

async function askTarget(
  opened: OpenSink<unknown>,
  { name, plugin }: SinkConfig,
  route: ConfiguredRoute,
  { id, template }: Target,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const finding = (message: string): Finding => ({ sink: name, target: id, message });
  try {
    const rendered = messageOf(plugin, route.name, template, exampleEvent(route));
    if ("problem" in rendered) return [finding(rendered.problem)];
    return ((await opened.check?.(rendered.message, signal)) ?? []).map(finding);
  } catch (error) {
    return [finding(pluginFailure(error))];
  }
}

/** The bundled sample of the first trigger that the route takes. */
function exampleEvent({ on, from }: ConfiguredRoute): Event {
  const trigger = TRIGGERS.find((one) => on.some((pattern) => onMatches(pattern, one))) ?? "BOOKING_CREATED";
  return sampleEvent(trigger, from ?? undefined);
}
