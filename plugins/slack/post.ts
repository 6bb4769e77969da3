import type { Receipt, SinkDelivery } from "cal-relay/sdk";
import { z } from "zod";
import { isGone } from "./classify.ts";
import type { Call } from "./client.ts";
import { fit, type Fitted } from "./fit.ts";
import { idOf, look, metadataOf, type Spot } from "./look.ts";
import type { Message } from "./options.ts";

/** What one try works with. */
interface Try {
  readonly call: Call;
  readonly message: Message;
  readonly fitted: Fitted;
  readonly delivery: SinkDelivery;
  /** The ids of channels configured by name, as far as Slack has told them. */
  readonly ids: Map<string, string>;
  /** For the receipt. */
  readonly notes: string[];
}

/** Posts the message, or edits or replies to the first one of its booking. Throws one of the four failures. */
export async function bring(
  call: Call,
  message: Message,
  delivery: SinkDelivery,
  ids: Map<string, string>,
): Promise<Receipt> {
  const fitted = fit(message);
  const attempt: Try = { call, message, fitted, delivery, ids, notes: fitted.note === undefined ? [] : [fitted.note] };
  const spot = (await followUp(attempt)) ?? (await start(attempt));
  return {
    id: `${spot.id}:${spot.ts}`,
    // A message's own link would cost a request more; this opens its channel: https://docs.slack.dev/interactivity/deep-linking.
    url: `https://slack.com/app_redirect?channel=${spot.id}`,
    answer: { channel: spot.id, ts: spot.ts },
    note: attempt.notes.length > 0 ? attempt.notes.join("; ") : undefined,
  };
}

/** Edits the booking's first message or replies to it; undefined where there is none, or none any more, or its channel is gone. */
async function followUp(attempt: Try): Promise<Spot | undefined> {
  const first = recall(attempt);
  if (first === undefined) return undefined;
  try {
    return await (attempt.message.onUpdate === "edit" ? edit(attempt, first) : post(attempt, first));
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

const memory = z.object({ channel: z.string(), id: z.string(), ts: z.string() });

/** The first message of the booking, unless it was in another channel than the one configured now, by its name or its id. */
function recall({ message, delivery }: Try): Spot | undefined {
  if (message.onUpdate === "new") return undefined;
  const known = memory.safeParse(delivery.memory.get());
  const isThere = known.success && [known.data.channel, known.data.id].includes(message.channel);
  return isThere ? known.data : undefined;
}

/** Posts a first message and remembers it where later events will want it. */
async function start(attempt: Try): Promise<Spot> {
  const { message, delivery } = attempt;
  const spot = await post(attempt);
  if (message.onUpdate !== "new") delivery.memory.set({ channel: message.channel, ...spot });
  return spot;
}

const written = z
  .object({ ok: z.literal(true), channel: z.string().min(1), ts: z.string().min(1) })
  .transform(({ channel, ts }): Spot => ({ id: channel, ts }));

/** Repeating it does no harm, so it needs no look whether it was done. */
function edit({ call, fitted, delivery }: Try, first: Spot): Promise<Spot> {
  const { text, blocks } = fitted;
  // Blocks that are left out would stay as they were.
  return call(
    "chat.update",
    { channel: first.id, ts: first.ts, text, blocks, metadata: metadataOf(delivery.id) },
    written,
  );
}

async function post(attempt: Try, parent?: Spot): Promise<Spot> {
  const { call, message, fitted, delivery, ids } = attempt;
  const { channel, unfurl, username, icon } = message;
  const earlier = delivery.maybeDelivered ? await lookBack(attempt, parent) : undefined;
  if (earlier !== undefined) return earlier;
  const spot = await call(
    "chat.postMessage",
    {
      channel: parent?.id ?? channel,
      thread_ts: parent?.ts,
      text: fitted.text,
      blocks: fitted.blocks.length > 0 ? fitted.blocks : undefined,
      metadata: metadataOf(delivery.id),
      unfurl_links: unfurl,
      unfurl_media: unfurl,
      username,
      [icon?.startsWith(":") === true ? "icon_emoji" : "icon_url"]: icon,
    },
    written,
  );
  ids.set(channel, spot.id);
  return spot;
}

async function lookBack(
  { call, message, delivery, ids, notes }: Try,
  parent: Spot | undefined,
): Promise<Spot | undefined> {
  const { channel } = message;
  const known = parent?.id ?? (/^[CDG]/.test(channel) ? channel : ids.get(channel));
  const id = known ?? (channel.startsWith("#") ? await idOf(call, channel) : undefined);
  const { spot, note } = await look(call, id, parent, delivery.id);
  if (note !== undefined) notes.push(note);
  return spot;
}
