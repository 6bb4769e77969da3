import { isSinkFailure, RateLimited, Unavailable, type SinkFailure } from "cal-relay/sdk";
import { z } from "zod";
import { isGone } from "./classify.ts";
import type { Call } from "./client.ts";

/** Where a message stands: Slack knows it by both. */
export interface Spot {
  /** The conversation's id, never its name. */
  readonly id: string;
  readonly ts: string;
}

/** What a look for an earlier try found: the message, or what people should know of its outcome, or neither. */
export interface Finding {
  readonly spot?: Spot;
  readonly note?: string;
}

/** How a message is found again after an outcome nobody saw. Everybody in the channel could read it: no more than the delivery's id. */
export function metadataOf(delivery: string): object {
  return { event_type: METADATA, event_payload: { delivery } };
}

const METADATA = "cal_relay_delivery";

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
 * Looks for a delivery's message among the last 100 of a conversation, or among the replies to `parent`. Where Slack does not let the app
 * look, the message is to be posted again rather than lost, and the note says so; where Slack fails, so does this try, and the next one
 * looks again. `id` is undefined where nobody could tell which conversation the name stands for.
 */
export async function look(
  call: Call,
  id: string | undefined,
  parent: Spot | undefined,
  delivery: string,
): Promise<Finding> {
  if (id === undefined)
    return {
      note: "an earlier try may have arrived too: give the channel by its id, or the app the scope channels:read",
    };
  // Replies come oldest first, in one page for any thread that a booking makes; a conversation comes newest first.
  const [method, range] = parent
    ? (["conversations.replies", { ts: parent.ts, limit: 999 }] as const)
    : (["conversations.history", { limit: 100 }] as const);
  try {
    const { messages } = await call(method, { channel: id, include_all_metadata: true, ...range }, page);
    const found = messages.find(
      ({ metadata }) => metadata?.event_type === METADATA && metadata.event_payload.delivery === delivery,
    );
    return found === undefined ? {} : { spot: { id, ts: found.ts }, note: "an earlier try had arrived" };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return isGone(error) ? {} : { note: `an earlier try may have arrived too: ${error.message}` };
  }
}

const memberships = z.object({ channels: z.array(z.object({ id: z.string(), name: z.string() })) });

/**
 * A channel's id by its `#name`. Slack answers for no single name, so it is looked up among the channels that the app is in, the first 999
 * of each kind that its scopes show it; undefined where it is not among them.
 */
export async function idOf(call: Call, channel: string): Promise<string | undefined> {
  for (const types of ["public_channel", "private_channel"]) {
    const found = (await channelsOf(call, types)).find(({ name }) => `#${name}` === channel);
    if (found !== undefined) return found.id;
  }
  return undefined;
}

async function channelsOf(call: Call, types: string): Promise<z.output<typeof memberships>["channels"]> {
  try {
    return (await call("users.conversations", { types, exclude_archived: true, limit: 999 }, memberships)).channels;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Such as a missing scope: as good as being in none.
    return [];
  }
}

/** A refusal to let the app look is no reason to give up, or to hold, what it may post. */
function isRefusal(error: unknown): error is SinkFailure {
  return isSinkFailure(error) && !(error instanceof Unavailable) && !(error instanceof RateLimited);
}
