import { z } from "zod";
import { startStandIn, type Answer, type Received, type StandIn } from "../../src/sdk/testing/index.ts";

export interface DiscordStandIn extends StandIn {
  /** The webhook's address. */
  readonly webhook: string;
  readonly messages: Map<string, unknown>;
  /** The webhook is deleted in Discord. */
  remove(): void;
}

const box = z.strictObject({
  title: z.string().min(1).max(256).optional(),
  description: z.string().min(1).max(4096).optional(),
  url: z.url().optional(),
  color: z.int().min(0).max(0xffffff).optional(),
  fields: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(256),
        value: z.string().min(1).max(1024),
        inline: z.boolean().optional(),
      }),
    )
    .max(25),
  footer: z.strictObject({ text: z.string().min(1).max(2048) }).optional(),
});
const edited = z.strictObject({
  content: z.string().max(2000),
  embeds: z.array(box).max(10),
  allowed_mentions: z.strictObject({ parse: z.array(z.string()).length(0) }),
});
const made = edited.extend({ username: z.string().min(1).max(80).optional(), avatar_url: z.url().optional() });

/** Discord's execute-webhook and edit-webhook-message, as strict: https://discord.com/developers/docs/resources/webhook */
export async function startDiscord(): Promise<DiscordStandIn> {
  const messages = new Map<string, unknown>();
  let isThere = true;

  function answer(request: Received): Answer {
    const [, id] = /^\/api\/webhooks\/77\/canary-token(?:\/messages\/(\d+))?$/.exec(request.path) ?? [];
    if (!isThere || !request.path.startsWith("/api/webhooks/77/canary-token")) return refusal(404, { code: 10_015 });
    const parsed = (request.method === "PATCH" ? edited : made).safeParse(JSON.parse(request.body));
    if (!parsed.success) return refusal(400, { code: 50_035, errors: nested(parsed.error.issues) });
    if (request.method === "PATCH" && (id === undefined || !messages.has(id))) return refusal(404, { code: 10_008 });
    const key = id ?? String(1_000 + messages.size);
    messages.set(key, parsed.data);
    if (request.method === "POST" && request.query.get("wait") !== "true") return { status: 204, body: "" };
    return { status: 200, body: JSON.stringify({ id: key, content: parsed.data.content }) };
  }

  const server = await startStandIn(answer);
  const webhook = `${server.url}/api/webhooks/77/canary-token`;
  return { ...server, webhook, messages, remove: () => void (isThere = false) };
}

function refusal(status: number, body: object): Answer {
  return { status, body: JSON.stringify({ message: "refused", ...body }) };
}

/** As Discord nests them, with sentences that quote what was sent. */
function nested(issues: readonly z.core.$ZodIssue[]): object {
  return issues.reduce<object>(
    (all, { path, message }) => ({
      ...all,
      ...path.reduceRight<object>((inner, step) => ({ [step]: inner }), told(message)),
    }),
    {},
  );
}

function told(message: string): object {
  return { _errors: [{ code: "BASE", message: `${message}: canary-of-a-value` }] };
}
