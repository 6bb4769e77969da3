import { contentOf, metadataOf, Refusal, type Form } from "./slack-form.ts";

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate?: boolean;
  readonly isMember?: boolean;
  readonly isArchived?: boolean;
}

export interface SlackOptions {
  /** The only token that is accepted. */
  readonly token?: string;
  readonly scopes?: readonly string[];
  readonly channels?: readonly SlackChannel[];
  /** Names of users; each can be written to directly. */
  readonly users?: readonly { readonly id: string; readonly name: string }[];
}

export interface SlackMessage {
  readonly ts: string;
  /** The parent's `ts`, on a reply. */
  readonly thread_ts: string | undefined;
  readonly author: "app" | "somebody else";
  text: string;
  blocks: readonly unknown[];
  metadata: unknown;
  readonly username: string | undefined;
  readonly icon: string | undefined;
  readonly unfurl: boolean;
  /** How often it was edited. */
  edits: number;
}

export interface Conversation extends SlackChannel {
  readonly messages: SlackMessage[];
}

/** What a workspace holds, and what each method of the Web API does to it. Throws Refusal where Slack answers `ok: false`. */
export class Workspace {
  readonly token: string;
  readonly scopes: readonly string[];
  readonly #conversations: readonly Conversation[];
  #clock = 0;

  constructor({ token = "xoxb-stand-in-token", scopes, channels, users }: SlackOptions) {
    this.token = token;
    this.scopes = scopes ?? ["chat:write", "chat:write.customize", "channels:read", "channels:history", "im:history"];
    const direct = (users ?? [{ id: "U0000000001", name: "ana" }]).map(({ id, name }) => ({
      id: id.replace(/^U/, "D"),
      name: `@${name}`,
    }));
    const open = channels ?? [
      { id: "C0000000001", name: "sales" },
      { id: "C0000000002", name: "support" },
    ];
    this.#conversations = [...open, ...direct].map((one) => ({ isMember: true, ...one, messages: [] }));
  }

  post(form: Form): object {
    this.#need("chat:write");
    if (form["username"] !== undefined || form["icon_url"] !== undefined || form["icon_emoji"] !== undefined)
      this.#need("chat:write.customize");
    const conversation = this.known(form["channel"] ?? "");
    if (conversation.isArchived === true) throw new Refusal("is_archived");
    if (conversation.isMember === false && !this.scopes.includes("chat:write.public"))
      throw new Refusal("not_in_channel");
    const thread_ts = form["thread_ts"];
    if (thread_ts !== undefined && !conversation.messages.some(({ ts }) => ts === thread_ts))
      throw new Refusal("thread_not_found");
    const message = this.place(conversation, {
      thread_ts,
      author: "app",
      ...contentOf(form),
      metadata: metadataOf(form),
      username: form["username"],
      icon: form["icon_emoji"] ?? form["icon_url"],
      unfurl: form["unfurl_links"] !== "false" || form["unfurl_media"] !== "false",
    });
    return { channel: conversation.id, ts: message.ts, message: { text: message.text } };
  }

  /** What is left out stays: https://docs.slack.dev/reference/methods/chat.update. */
  edit(form: Form): object {
    this.#need("chat:write");
    const conversation = this.#byId(form);
    const message = conversation.messages.find(({ ts }) => ts === form["ts"]);
    if (message === undefined) throw new Refusal("message_not_found");
    if (message.author !== "app") throw new Refusal("cant_update_message");
    const { text, blocks } = contentOf(form);
    message.text = text;
    if (form["blocks"] !== undefined) message.blocks = blocks;
    if (form["metadata"] !== undefined) message.metadata = metadataOf(form);
    message.edits += 1;
    return { channel: conversation.id, ts: message.ts, text };
  }

  history(form: Form): object {
    const { messages } = this.#readable(form);
    const roots = messages.filter(({ thread_ts }) => thread_ts === undefined).toReversed();
    return { messages: shown(roots, form), has_more: false };
  }

  replies(form: Form): object {
    const { messages } = this.#readable(form);
    const thread = messages.filter(({ ts, thread_ts }) => ts === form["ts"] || thread_ts === form["ts"]);
    if (thread.length === 0) throw new Refusal("thread_not_found");
    return { messages: shown(thread, form), has_more: false };
  }

  info(form: Form): object {
    const { id, name, isMember, isPrivate = false, isArchived = false } = this.#byId(form);
    this.#need(isPrivate ? "groups:read" : "channels:read");
    if (isPrivate && isMember !== true) throw new Refusal("channel_not_found");
    return { channel: { id, name, is_member: isMember, is_private: isPrivate, is_archived: isArchived } };
  }

  memberships({ types = "public_channel" }: Form): object {
    const asked = types.split(",");
    if (asked.includes("public_channel")) this.#need("channels:read");
    if (asked.includes("private_channel")) this.#need("groups:read");
    const channels = this.#conversations
      .filter(({ id, isMember }) => id.startsWith("C") && isMember === true)
      .filter(({ isPrivate }) => asked.includes(isPrivate === true ? "private_channel" : "public_channel"));
    return { channels: channels.map(({ id, name }) => ({ id, name })), response_metadata: { next_cursor: "" } };
  }

  place(
    conversation: Conversation,
    given: Partial<SlackMessage> & Pick<SlackMessage, "text" | "author">,
  ): SlackMessage {
    this.#clock += 1;
    const message: SlackMessage = {
      ts: `1767225600.${String(this.#clock).padStart(6, "0")}`,
      thread_ts: undefined,
      blocks: [],
      metadata: undefined,
      username: undefined,
      icon: undefined,
      unfurl: true,
      edits: 0,
      ...given,
    };
    conversation.messages.push(message);
    return message;
  }

  find(channel: string): Conversation | undefined {
    return this.#conversations.find(({ id, name }) =>
      [id, id.replace(/^D/, "U"), name.startsWith("@") ? name : `#${name}`].includes(channel),
    );
  }

  /** A private channel that the app is not in does not exist for it. */
  known(channel: string): Conversation {
    const found = this.find(channel);
    if (found === undefined || (found.isPrivate === true && found.isMember !== true))
      throw new Refusal("channel_not_found");
    return found;
  }

  #byId(form: Form): Conversation {
    const found = this.#conversations.find(({ id }) => id === form["channel"]);
    if (found === undefined) throw new Refusal("channel_not_found");
    return found;
  }

  #readable(form: Form): Conversation {
    const conversation = this.#byId(form);
    const direct = conversation.id.startsWith("D");
    this.#need(direct ? "im:history" : conversation.isPrivate === true ? "groups:history" : "channels:history");
    if (conversation.isMember !== true) throw new Refusal("not_in_channel");
    return conversation;
  }

  #need(scope: string): void {
    if (!this.scopes.includes(scope))
      throw new Refusal("missing_scope", { needed: scope, provided: this.scopes.join(",") });
  }
}

function shown(messages: readonly SlackMessage[], { limit = "100", include_all_metadata }: Form): object[] {
  return messages.slice(0, Number(limit)).map(({ ts, thread_ts, text, metadata }) => ({
    type: "message",
    ts,
    thread_ts,
    text,
    ...(include_all_metadata === "true" && { metadata }),
  }));
}
