import { z } from "zod";
import { defineSink, type OpenSink, type SinkDelivery, type SinkPlugin } from "../../src/sdk/index.ts";
import type { Act } from "./acting.ts";
import type { Kept, Message } from "./standing.ts";

/** What stands in the sinks, as they write it. */
export interface Shelves {
  readonly rows: Kept[];
  readonly pages: Kept[];
  readonly threads: Message[];
  readonly edited: Message[];
  readonly lines: string[];
}

export function emptyShelves(): Shelves {
  return { rows: [], pages: [], threads: [], edited: [], lines: [] };
}

/**
 * Five sinks in the manner of the built-in ones, in memory: each looks before it writes where an earlier try may have arrived. `act` runs
 * their tries.
 */
export function memorySinks(shelves: () => Shelves, act: Act): readonly SinkPlugin[] {
  const text = z.string().nullable();
  const row = z.strictObject({
    key: z.string(),
    status: text,
    start: text,
    location: text,
    absent: z.boolean().nullable(),
  });
  const words = z.strictObject({ text: z.string() });

  return [
    sink("rows", row, { concurrency: 1 }, (message) => message.key, {
      deliver: (message, delivery) => act(0, delivery, () => void upsert(shelves().rows, message)),
    }),
    sink("pages", row, { concurrency: 3 }, (message) => message.key, {
      deliver: (message, delivery) => act(1, delivery, (one) => upsertRemembered(shelves().pages, message, one)),
    }),
    sink("threads", words, { concurrency: 4 }, () => null, {
      deliver: (message, delivery) => act(2, delivery, (one) => post(shelves().threads, message.text, one)),
    }),
    sink("edited", words, { concurrency: 4 }, () => "the channel", {
      deliver: (message, delivery) => act(3, delivery, (one) => edit(shelves().edited, message.text, one)),
    }),
    sink("lines", words, { concurrency: 4 }, () => null, {
      deliver: (message, delivery) => act(4, delivery, () => void shelves().lines.push(message.text)),
    }),
  ];
}

function sink<Schema extends z.ZodType>(
  type: string,
  message: Schema,
  limits: { concurrency: number },
  keepsInStep: (message: z.output<Schema>) => string | null,
  open: { deliver(message: z.output<Schema>, delivery: SinkDelivery): Promise<void> },
): SinkPlugin {
  const opened: OpenSink<z.output<Schema>> = {
    async deliver(...given) {
      await open.deliver(...given);
      return undefined;
    },
  };
  return defineSink({
    type: `model-${type}`,
    title: type,
    connection: z.strictObject({}),
    message,
    secrets: [],
    limits,
    keepsInStep,
    open: () => Promise.resolve(opened),
  });
}

function upsert(rows: Kept[], message: Kept): number {
  const found = rows.findIndex(({ key }) => key === message.key);
  return found === -1 ? rows.push(message) - 1 : change(rows, found, message);
}

/** What is null leaves what stands there. */
function change(rows: Kept[], at: number, message: Kept): number {
  const said = Object.entries(message).filter(([, value]) => value !== null);
  rows[at] = { ...message, ...rows[at], ...Object.fromEntries(said) };
  return at;
}

/** As in Notion: the page that is remembered for the key, else the one that is found, else a new one. */
function upsertRemembered(pages: Kept[], message: Kept, { memory }: SinkDelivery): void {
  const known = place.safeParse(memory.get()).data;
  const at = known?.key === message.key ? change(pages, known.at, message) : upsert(pages, message);
  memory.set({ key: message.key, at });
}

function post(messages: Message[], text: string, delivery: SinkDelivery): void {
  const root = first.safeParse(delivery.memory.get()).data?.id ?? null;
  const id = bring(messages, text, root, delivery);
  if (root === null) delivery.memory.set({ id });
}

function edit(messages: Message[], text: string, delivery: SinkDelivery): void {
  const id = first.safeParse(delivery.memory.get()).data?.id;
  const at = messages.findIndex((one) => one.id === id);
  const known = messages[at];
  if (known === undefined) delivery.memory.set({ id: bring(messages, text, null, delivery) });
  else messages[at] = { ...known, text, key: delivery.bookingKey };
}

/** Adds the message, unless an earlier try has. A message has its delivery's id. */
function bring(messages: Message[], text: string, root: string | null, delivery: SinkDelivery): string {
  const { id, bookingKey: key, maybeDelivered } = delivery;
  const isThere = maybeDelivered && messages.some((one) => one.id === id);
  if (!isThere) messages.push({ id, key, text, root });
  return id;
}

const place = z.object({ key: z.string(), at: z.number() });
const first = z.object({ id: z.string() });
