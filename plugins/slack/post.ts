import { isSinkFailure, RateLimited, Unavailable, type Receipt, type SinkDelivery } from "cal-relay/sdk";
import { z } from "zod";
import { isGone } from "./classify.ts";
import type { Call } from "./client.ts";
import { fit, type Fitted } from "./fit.ts";
import type { Message } from "./options.ts";

/** Where a message stands: Slack knows it by both. */
interface Spot {
  readonly id: string;
  readonly ts: string;
}

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
  const first = message.onUpdate === "new" ? undefined : recall(attempt);
  const spot =
    (first && (await unlessGone(message.onUpdate === "edit" ? edit(attempt, first) : post(attempt, first)))) ??
    (await start(attempt));
  return {
    id: `${spot.id}:${spot.ts}`,
    // A message's own link would cost a request more; this opens its channel: https://docs.slack.dev/interactivity/deep-linking.
    url: `https://slack.com/app_redirect?channel=${spot.id}`,
    answer: { channel: spot.id, ts: spot.ts },
    note: attempt.notes.length > 0 ? attempt.notes.join("; ") : undefined,
  };
}

const memory = z.object({ channel: z.string(), id: z.string(), ts: z.string() });

/** The first message of the booking, unless it was in another channel than the one configured now. */
function recall({ message, delivery }: Try): Spot | undefined {
  const known = memory.safeParse(delivery.memory.get());
  return known.success && known.data.channel === message.channel ? known.data : undefined;
}

/** Posts a first message and remembers it where later events will want it. */
async function start(attempt: Try): Promise<Spot> {
  const { message, delivery } = attempt;
  const spot = await post(attempt);
  if (message.onUpdate !== "new") delivery.memory.set({ channel: message.channel, ...spot });
  return spot;
}

const METADATA = "cal_relay_delivery";

const written = z
  .object({ ok: z.literal(true), channel: z.string().min(1), ts: z.string().min(1) })
  .transform(({ channel, ts }): Spot => ({ id: channel, ts }));

/** Repeating it does no harm, so it needs no look whether it was done. */
function edit({ call, fitted, delivery }: Try, first: Spot): Promise<Spot> {
  return call(
    "chat.update",
    {
      channel: first.id,
      ts: first.ts,
      text: fitted.text,
      // Left out, the old blocks would stay.
      blocks: fitted.blocks,
      metadata: metadataOf(delivery),
    },
    written,
  );
}

async function post(attempt: Try, parent?: Spot): Promise<Spot> {
  const { call, message, fitted, delivery, ids } = attempt;
  const earlier = delivery.maybeDelivered ? await look(attempt, parent) : undefined;
  if (earlier !== undefined) return earlier;
  const { channel, unfurl, username, icon } = message;
  const spot = await call(
    "chat.postMessage",
    {
      channel: parent?.id ?? channel,
      thread_ts: parent?.ts,
      text: fitted.text,
      blocks: fitted.blocks.length > 0 ? fitted.blocks : undefined,
      metadata: metadataOf(delivery),
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

/** How the message is found again after an outcome nobody saw. Everybody in the channel could read it: no more than the id. */
function metadataOf(delivery: SinkDelivery): object {
  return { event_type: METADATA, event_payload: { delivery: delivery.id } };
}

const page = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.object({ delivery: z.string() }) })
        .optional()
        .catch(undefined),
    }),
  ),
});

/**
 * Looks for this delivery's message among the channel's last 100, or among the parent's replies. Where Slack does not let the app look, the
 * message is posted again rather than lost, and the receipt says so; where Slack fails, the next try looks again.
 */
async function look(attempt: Try, parent: Spot | undefined): Promise<Spot | undefined> {
  const { call, message, delivery, ids, notes } = attempt;
  const id = parent?.id ?? (/^[CDG]/.test(message.channel) ? message.channel : ids.get(message.channel));
  if (id === undefined) {
    notes.push("an earlier try may have arrived too: only a channel given by its id can be searched");
    return undefined;
  }
  // Replies come oldest first, in one page for any thread that a booking makes; a channel comes newest first.
  const [method, range] = parent
    ? (["conversations.replies", { ts: parent.ts, limit: 999 }] as const)
    : (["conversations.history", { limit: 100 }] as const);
  try {
    const { messages } = await call(method, { channel: id, include_all_metadata: true, ...range }, page);
    const found = messages.find(
      ({ metadata }) => metadata?.event_type === METADATA && metadata.event_payload.delivery === delivery.id,
    );
    if (found === undefined) return undefined;
    notes.push("an earlier try had arrived");
    return { id, ts: found.ts };
  } catch (error) {
    if (!isSinkFailure(error)) throw error;
    if (error instanceof Unavailable || error instanceof RateLimited)
      throw new Unavailable(`an earlier try may have arrived, and ${error.message}`, {
        ambiguous: true,
        retryAfter: error.retryAfter,
        answer: error.answer,
        cause: error,
      });
    if (!isGone(error)) notes.push(`an earlier try may have arrived too: ${error.message}`);
    return undefined;
  }
}

async function unlessGone(work: Promise<Spot>): Promise<Spot | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
