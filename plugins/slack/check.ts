import { isSinkFailure } from "cal-relay/sdk";
import { z } from "zod";
import type { Call } from "./client.ts";
import type { Message } from "./options.ts";

const identity = z.object({ response_metadata: z.object({ scopes: z.array(z.string()).default([]) }) });

/** What to mend before a message can be sent: the token, the app's scopes, its place in the channel. Sends nothing. */
export async function check(call: Call, message: Message | null): Promise<readonly string[]> {
  const { scopes } = (await call("auth.test", {}, identity)).response_metadata;
  const missing = neededScopes(message).filter((scope) => !scopes.includes(scope));
  return [
    ...missing.map(
      (scope) =>
        `the app lacks the scope ${scope}: add it at api.slack.com/apps → OAuth & Permissions → Scopes, then reinstall the app`,
    ),
    ...(message === null ? [] : await findings(() => checkChannel(call, message.channel, scopes))),
  ];
}

function neededScopes(message: Message | null): string[] {
  const inOtherName = message?.username !== undefined || message?.icon !== undefined;
  return inOtherName ? ["chat:write", "chat:write.customize"] : ["chat:write"];
}

/** Looks only as far as the app's scopes let it; what cannot be known is no finding. */
async function checkChannel(call: Call, channel: string, scopes: readonly string[]): Promise<readonly string[]> {
  const types = [
    ...(scopes.includes("channels:read") ? ["public_channel"] : []),
    ...(scopes.includes("groups:read") ? ["private_channel"] : []),
  ];
  const mayPostAnywhere = scopes.includes("chat:write.public");
  if (types.length === 0) return [];
  if (channel.startsWith("#")) return mayPostAnywhere ? [] : checkName(call, channel, types.join());
  return /^[CG]/.test(channel) ? checkId(call, channel, mayPostAnywhere) : [];
}

const memberships = z.object({
  channels: z.array(z.object({ name: z.string() })),
  response_metadata: z.object({ next_cursor: z.string().default("") }),
});

/** A name cannot be asked for, so it is looked up among the channels that the app is in; the first 999 of them. */
async function checkName(call: Call, channel: string, types: string): Promise<readonly string[]> {
  const answer = await call("users.conversations", { types, exclude_archived: true, limit: 999 }, memberships);
  const isKnown = answer.channels.some(({ name }) => `#${name}` === channel);
  if (isKnown || answer.response_metadata.next_cursor !== "") return [];
  return [`${channel}: the app is in no channel of that name; check the spelling, or type /invite @app there`];
}

const conversation = z.object({
  channel: z.object({
    is_member: z.boolean().default(false),
    is_private: z.boolean().default(false),
    is_archived: z.boolean().default(false),
  }),
});

async function checkId(call: Call, channel: string, mayPostAnywhere: boolean): Promise<readonly string[]> {
  const found = await call("conversations.info", { channel }, conversation);
  const { is_archived, is_member, is_private } = found.channel;
  if (is_archived) return [`${channel}: the channel is archived; unarchive it or name another one`];
  if (is_member || (mayPostAnywhere && !is_private)) return [];
  return [`${channel}: the app is not in the channel; type /invite @app there`];
}

/** A refusal is a finding beside the others: its message says what to do. */
async function findings(work: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await work();
  } catch (error) {
    if (isSinkFailure(error)) return [error.message];
    throw error;
  }
}
