import type { Config, ConfiguredRoute, SinkConfig, Target } from "../config/config.ts";
import { createGuardedFetch, type GuardedFetch } from "../delivery/guarded-fetch.ts";
import { pluginFailure } from "../delivery/plugin-failure.ts";
import { createSerially } from "../delivery/serially.ts";
import { createMask } from "../observe/mask.ts";
import { isSinkFailure, type OpenSink, type SinkHost, type SinkLog } from "../sdk/index.ts";
import { askOnce } from "./ask-once.ts";
import { askTarget, exampleMessages } from "./ask-target.ts";

/** Something that only the vendor could tell. */
export interface Finding {
  readonly sink: string;
  /** Null for what concerns the whole sink. */
  readonly target: string | null;
  readonly message: string;
  /** Those whose samples show it; null where all that were tried do. */
  readonly triggers: readonly string[] | null;
}

export interface Answers {
  readonly findings: readonly Finding[];
  readonly asked: readonly string[];
  /** Why a sink was not asked. */
  readonly skipped: readonly { readonly sink: string; readonly reason: string }[];
}

const SINK_TIMEOUT_MS = 20_000;
const silent: SinkLog = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** Asks every sink that has its credentials whether its targets would work. Changes nothing at the vendors. */
export async function askSinks({ sinks, routes, secrets }: Config): Promise<Answers> {
  const network = createGuardedFetch();
  const mask = createMask(secrets);
  try {
    const ready = sinks.filter(({ missing }) => missing.length === 0);
    const answers = await Promise.all(
      ready.map(async (sink) => ({ sink, found: await askSink(sink, routes, network) })),
    );
    const findings = answers.flatMap(({ found }) => found ?? []);
    const dry = sinks.filter(({ missing }) => missing.length > 0);
    return {
      findings: findings.map((one) => ({ ...one, message: mask.text(one.message) })),
      asked: answers.flatMap(({ sink, found }) => (found === null ? [] : [sink.name])),
      skipped: [
        ...dry.map(({ name, missing }) => ({ sink: name, reason: `${missing.join(", ")} not set` })),
        ...answers.flatMap(({ sink: { name, plugin }, found }) =>
          found === null ? [{ sink: name, reason: `sinks of type ${plugin.type} cannot be asked` }] : [],
        ),
      ],
    };
  } finally {
    await network.close();
  }
}

/** Null where the plugin has no check. */
async function askSink(
  { name, plugin, connection }: SinkConfig,
  routes: readonly ConfiguredRoute[],
  network: GuardedFetch,
): Promise<readonly Finding[] | null> {
  const signal = AbortSignal.timeout(SINK_TIMEOUT_MS);
  const host: SinkHost = {
    name,
    log: silent,
    fetch: askOnce(network.within(signal)),
    resolve: network.resolve,
    serially: createSerially(),
  };
  let opened: OpenSink<unknown> | undefined;
  try {
    opened = await plugin.open(connection, host);
    if (opened.check === undefined) return null;
    const check = opened.check.bind(opened);
    const ask = async (message: unknown): Promise<readonly string[]> => sentences(() => check(message, signal));
    const targets = targetsOf(name, routes);
    if (targets.length === 0) return (await ask(null)).map((message) => ofSink(name, message));
    const findings: Finding[] = [];
    for (const { route, target } of targets) {
      const found = await askTarget(exampleMessages(plugin, route, target), ask);
      findings.push(...found.map((one) => ({ sink: name, target: target.id, ...one })));
    }
    return merged(findings, targets.length);
  } catch (error) {
    return [ofSink(name, reasonOf(error))];
  } finally {
    await opened?.close?.();
  }
}

function targetsOf(sink: string, routes: readonly ConfiguredRoute[]): { route: ConfiguredRoute; target: Target }[] {
  return routes.flatMap((route) =>
    route.targets.filter((target) => target.sink === sink).map((target) => ({ route, target })),
  );
}

function ofSink(sink: string, message: string): Finding {
  return { sink, target: null, message, triggers: null };
}

/** What is wrong with each of several targets is wrong with the sink. */
function merged(findings: readonly Finding[], targets: number): Finding[] {
  const alike = Map.groupBy(findings, ({ message }) => message);
  const isOfAll = ({ message }: Finding): boolean => targets > 1 && alike.get(message)?.length === targets;
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    return isOfAll(first) ? [ofSink(first.sink, first.message)] : [first, ...others];
  });
}

async function sentences(check: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await check();
  } catch (error) {
    return [reasonOf(error)];
  }
}

function reasonOf(error: unknown): string {
  const reason = pluginFailure(error);
  if (!isSinkFailure(error) || error.outcome !== "unavailable") return reason;
  return `${reason}: nothing could be asked; look at the network and the sink's address, or try again later`;
}
