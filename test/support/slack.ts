import { Refusal, type Form } from "./slack-form.ts";
import { Workspace, type SlackMessage, type SlackOptions } from "./slack-workspace.ts";
import { startStandIn, type Answer, type Received, type StandIn } from "../../src/sdk/testing/stand-in.ts";

export type { SlackChannel, SlackMessage, SlackOptions } from "./slack-workspace.ts";

export interface SlackStandIn extends StandIn {
  /** For `apiUrl`. */
  readonly url: string;
  readonly token: string;
  /** What stands in a channel, replies included, oldest first. By `#name`, `@user` or id. */
  messages(channel: string): readonly SlackMessage[];
  /** The Web API methods that were called, in order. */
  methods(): readonly string[];
  /** The next call of `method` is answered with HTTP 200 and `ok: false`, and nothing is done. */
  refuse(method: string, error: string, more?: Readonly<Record<string, unknown>>): void;
  /** A message of somebody who is not the app. */
  say(channel: string, text: string): SlackMessage;
  remove(channel: string, ts: string): void;
}

/** Slack's Web API as documented at https://docs.slack.dev/reference/methods, as far as a sink needs it, and as strict. */
export async function startSlack(options: SlackOptions = {}): Promise<SlackStandIn> {
  const workspace = new Workspace(options);
  const server = await startStandIn((request) => answer(workspace, request));
  return {
    ...server,
    url: `${server.url}/api/`,
    token: workspace.token,
    messages: (channel) => workspace.find(channel)?.messages ?? [],
    methods: () => server.requests.map(methodOf),
    refuse(method, error, more = {}) {
      const body = JSON.stringify({ ok: false, error, ...more });
      server.misbehave({ kind: "answer", status: 200, body }, (request) => methodOf(request) === method);
    },
    say: (channel, text) => workspace.place(workspace.known(channel), { text, author: "somebody else" }),
    remove(channel, ts) {
      const { messages } = workspace.known(channel);
      messages.splice(messages.findIndex((message) => message.ts === ts) >>> 0, 1);
    },
  };
}

function answer(workspace: Workspace, request: Received): Answer {
  const headers = { "x-oauth-scopes": workspace.scopes.join(",") };
  try {
    return { status: 200, headers, body: JSON.stringify({ ok: true, ...call(workspace, request) }) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: 200, headers, body: JSON.stringify({ ok: false, error: error.message, ...error.more }) };
  }
}

function call(workspace: Workspace, request: Received): object {
  const { authorization, "content-type": type = "" } = request.headers;
  if (request.method !== "POST" || !type.startsWith("application/x-www-form-urlencoded"))
    throw new Refusal("invalid_post_type");
  if (authorization === undefined) throw new Refusal("not_authed");
  if (authorization !== `Bearer ${workspace.token}`) throw new Refusal("invalid_auth");
  const form: Form = Object.fromEntries(new URLSearchParams(request.body));
  switch (methodOf(request)) {
    case "auth.test":
      return { url: "https://example.slack.com/", team: "Example", user: "cal-relay", bot_id: "B0000000001" };
    case "chat.postMessage":
      return workspace.post(form);
    case "chat.update":
      return workspace.edit(form);
    case "conversations.history":
      return workspace.history(form);
    case "conversations.replies":
      return workspace.replies(form);
    case "conversations.info":
      return workspace.info(form);
    case "users.conversations":
      return workspace.memberships(form);
    default:
      throw new Refusal("unknown_method");
  }
}

function methodOf({ path }: Received): string {
  return path.replace(/^\/api\//, "");
}
