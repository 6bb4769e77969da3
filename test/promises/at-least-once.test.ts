import { expect, test } from "vitest";
import { z } from "zod";
import { defineSink, type SinkPlugin } from "../../src/sdk/index.ts";
import { chain, chainRelay } from "../support/chain.ts";
import { FAULTS, type Fault } from "../support/faulty-proxy.ts";
import type { SinkBehindProxy } from "../support/sinks-behind-proxy.ts";
import { subjects } from "./network-sinks.ts";

// Promise: at least once, and once where it can be known. README.md, "What is guaranteed", says the same of each sink and option.

/** What each lets the relay see of the answer. `isDone`: the vendor has done what was asked. */
const faults: Readonly<Record<Fault, { readonly isDone: boolean; readonly shows: "nothing" | "head" | "all" }>> = {
  "cut before the request arrives": { isDone: false, shows: "nothing" },
  "reset before the request arrives": { isDone: false, shows: "nothing" },
  "cut half-way through the request": { isDone: false, shows: "nothing" },
  "no answer": { isDone: true, shows: "nothing" },
  "cut before the answer": { isDone: true, shows: "nothing" },
  "reset before the answer": { isDone: true, shows: "nothing" },
  "cut in the head of the answer": { isDone: true, shows: "nothing" },
  "cut in the body of the answer": { isDone: true, shows: "head" },
  "stall in the body of the answer": { isDone: true, shows: "head" },
  "delay of the answer": { isDone: true, shows: "all" },
};

test.each(FAULTS)(
  "every sink delivers by itself, twice only where nobody can know, when each of its requests meets a %s",
  async (fault) => {
    const { isDone, shows } = faults[fault];
    const opened = await Promise.all(
      Object.entries(subjects).map(async ([name, subject]) => ({ name, ...subject, behind: await subject.open() })),
    );
    for (const { requests, looks = [], behind } of opened)
      for (const request of [...requests, ...looks]) behind.proxy.strike(fault, request);

    const webhooks = chain("fromOneToThree").slice(0, 3);
    const told = new Set<string>();
    const { relay, ...at } = await relayTo(
      opened.map(({ behind }) => behind),
      fault,
      told,
    );
    await at.send(webhooks);

    const deliveries = await relay.ledger.deliveries({ limit: 1_000 });
    expect(deliveries.filter(({ state }) => state === "delivered")).toHaveLength(opened.length * webhooks.length);
    const ended = opened.map(({ name, behind }, index) => [
      name,
      { copies: copiesOf(webhooks, behind), isTold: told.has(`sink-${index}`), unmet: behind.proxy.pending() },
    ]);
    const expected = opened.map(({ name, copies, hidden, looks = [], trustsHead = false }) => {
      const isKnown = shows === "all" || (shows === "head" && trustsHead);
      return [name, { copies: isDone && !isKnown ? hidden : copies, isTold: !isKnown, unmet: isKnown ? looks : [] }];
    });
    expect(Object.fromEntries(ended)).toEqual(Object.fromEntries(expected));
  },
);

function copiesOf(webhooks: readonly string[], { shown }: SinkBehindProxy): readonly number[] {
  const all = shown();
  return webhooks.map((one) => all.filter((text) => text === createdAt(one)).length);
}

function createdAt(body: string): string {
  return z.object({ createdAt: z.string() }).parse(JSON.parse(body)).createdAt;
}

/** One sink and one target for each. `told` collects the sinks of which a try was told that one before it may have arrived. */
function relayTo(all: readonly SinkBehindProxy[], fault: Fault, told: Set<string>): ReturnType<typeof chainRelay> {
  const timeout = fault === "stall in the body of the answer" || fault === "no answer" ? "500ms" : "15s";
  const sinks = all.map(({ sink }, at) => [`sink-${at}`, { ...sink, rate: "1000/s", timeout }]);
  const to = all.map(({ target }, at) => ({ sink: `sink-${at}`, ...target }));
  return chainRelay(
    `defaults: { retry: { first: 5ms, max: 20ms, for: 1h } }
sinks: ${JSON.stringify(Object.fromEntries(sinks))}
routes: ${JSON.stringify([{ name: "all", on: "*", to }])}
`,
    [...new Set(all.map(({ plugin }) => plugin))].map((plugin) => overheard(plugin, told)),
  );
}

function overheard(plugin: SinkPlugin, told: Set<string>): SinkPlugin {
  return defineSink({
    ...plugin,
    async open(connection, host) {
      const opened = await plugin.open(connection, host);
      return {
        ...opened,
        deliver(message, delivery) {
          if (delivery.maybeDelivered) told.add(host.name);
          return opened.deliver(message, delivery);
        },
      };
    },
  });
}
