import { onTestFinished, vi } from "vitest";
import { z } from "zod";
import { startRelay, type Relay } from "../../src/app.ts";
import { sample } from "../../src/cal/samples.ts";
import { loadConfig } from "../../src/config/load.ts";
import { formatProblem } from "../../src/config/problem.ts";
import type { SinkPlugin } from "../../src/sdk/index.ts";
import { signed } from "./relay.ts";
import { tempFolder } from "./temp.ts";

const body = z.looseObject({ createdAt: z.string(), payload: z.record(z.string(), z.unknown()) });

/** created → rescheduled → rescheduled → location changed → cancelled: the webhooks of one booking, whose first uid is `uid`. */
export function chain(uid: string): readonly string[] {
  const moved = { location: "https://meet.example.com/garden", iCalSequence: 3, status: "ACCEPTED" };
  return [
    sample("BOOKING_CREATED"),
    sample("BOOKING_RESCHEDULED"),
    sample("BOOKING_RESCHEDULED.again"),
    altered("BOOKING_CANCELLED", "BOOKING_LOCATION_UPDATED", "2026-11-25T12:00:00.000Z", moved),
    altered("BOOKING_CANCELLED", "BOOKING_CANCELLED", "2026-11-26T10:21:45.905Z", { iCalSequence: 4 }),
  ].map((text) =>
    text.replaceAll(/hV3kRz9TqYw2LmXc7NbP4d|pQ8sWf5JtGx1ZrKv6CyH3n|mB7tDc2XnLq9FsRj4WgV8k/g, (one) => nth(uid, one)),
  );
}

/** The no-show of a booking's newest row, sent at `createdAt`. */
export function noShow(uid: string, createdAt: string): string {
  const text = altered("BOOKING_NO_SHOW_UPDATED", "BOOKING_NO_SHOW_UPDATED", createdAt, {});
  return text.replaceAll("wN5xJt8KbMz3PqHd6RfY2s", uid);
}

/** The first uid of the chain is the booking's own; each row after it has one made of that. */
function nth(uid: string, original: string): string {
  if (original.startsWith("hV")) return uid;
  return `${uid}${original.startsWith("pQ") ? "b" : "c"}`;
}

function altered(name: string, trigger: string, createdAt: string, change: object): string {
  const { payload, ...rest } = body.parse(JSON.parse(sample(name)));
  return JSON.stringify({ ...rest, triggerEvent: trigger, createdAt, payload: { ...payload, ...change } });
}

export interface ChainRelay {
  readonly relay: Relay;
  /** Posts the webhooks one after the other and waits until everything is settled. */
  send(bodies: readonly string[]): Promise<void>;
  settled(): Promise<void>;
}

/** A relay with these sink plugins; `yaml` goes below `server`, `storage` and the one source. */
export async function chainRelay(
  yaml: string,
  plugins: readonly SinkPlugin[],
  env: Readonly<Record<string, string>> = {},
): Promise<ChainRelay> {
  const { config, problems } = await loadConfig({
    file: "relay.config.yaml",
    text: `server: { host: 127.0.0.1, port: 0 }\nstorage: sqlite:${tempFolder()}/relay.db\nsources: { cal: { secret: test-secret } }\n${yaml}`,
    env,
    readFile: () => "",
    plugins,
    loadPlugin: () => Promise.reject(new Error("no plugins here")),
  });
  if (config === null) throw new Error(problems.map(formatProblem).join("\n"));
  const relay = await startRelay({ config, level: "error", destination: { write: () => undefined } });
  onTestFinished(() => relay.close());

  const settled = (): Promise<void> =>
    vi.waitFor(
      async () => {
        const open = (await relay.ledger.backlog()).filter(({ state }) => state === "waiting" || state === "running");
        if (open.length > 0) throw new Error(`not settled: ${JSON.stringify(open)}`);
      },
      { timeout: 15_000, interval: 5 },
    );

  return {
    relay,
    settled,
    async send(bodies) {
      for (const one of bodies) {
        const url = `http://127.0.0.1:${relay.port}/hooks/cal`;
        const { status } = await fetch(url, { method: "POST", body: one, headers: signed(one) });
        if (status >= 300) throw new Error(`answered ${status}`);
      }
      await settled();
    },
  };
}
