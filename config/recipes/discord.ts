/**
 * A Discord sink, as a plugin to copy: it uses nothing but `cal-relay/sdk` and `zod`.
 * A message is new each time, or is the one message of its booking, edited: https://discord.com/developers/docs/resources/webhook
 */
import { cutText, defineSink, httpFailure, Misconfigured, networkFailure, RateLimited } from "cal-relay/sdk";
import { Rejected, Unavailable, type SinkDelivery } from "cal-relay/sdk";
import { z } from "zod";

// What a guest left out renders to nothing, and is left out here too. Too long a text is cut:
// https://discord.com/developers/docs/resources/message#embed-object-embed-limits
const text = z.union([z.string(), z.number()]).nullish();
const link = z.union([z.url(), z.literal("")]).nullish();

const embed = z.strictObject({
  title: text.describe("the first line of the box"),
  description: text.describe("Markdown"),
  url: link.describe("what a click on the title opens"),
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, { error: 'expected a colour such as "#2e7d32"' })
    .nullish()
    .describe('of the edge, such as "#2e7d32"'),
  fields: z
    .array(
      z.strictObject({
        name: text.describe("in bold"),
        value: text.describe("Markdown; without it the field is left out"),
        inline: z.boolean().optional().describe("beside the one before"),
      }),
    )
    .max(25)
    .optional()
    .describe("names with values"),
  footer: text.describe("the last line, without Markdown"),
});

const parts = z.strictObject({
  content: text.describe("Markdown"),
  embeds: z.array(embed).max(10).optional().describe("boxes below it"),
  username: z.string().max(80).optional().describe("instead of the webhook's name; an edit does not change it"),
  avatarUrl: z.url().optional().describe("instead of the webhook's picture; an edit does not change it"),
  onUpdate: z.enum(["new", "edit"]).default("new").describe("edit: one message for each booking, kept up to date"),
});
const message = parts
  .refine((one) => !isEmpty(bodyOf(one)), "expected content, or an embed with something in it")
  .refine((one) => lengthOf(bodyOf(one)) <= 6000, "expected at most 6,000 characters in all embeds together");

type Message = z.output<typeof parts>;

const posted = z.looseObject({ id: z.string().min(1) });
const remembered = z.object({ webhook: z.string(), id: z.string() });
const failed = z.looseObject({
  code: z.number().optional(),
  retry_after: z.number().optional(),
  errors: z.unknown().optional(),
});

export default defineSink({
  type: "discord",
  title: "Discord message",
  connection: z.strictObject({
    url: z.url().describe("https://discord.com/api/webhooks/…, from the channel's settings → Integrations → Webhooks"),
    threadId: z.string().regex(/^\d+$/).optional().describe("a thread of the webhook's channel"),
    allowPrivateNetwork: z.boolean().default(false).describe("for a stand-in at a loopback address"),
  }),
  message,
  secrets: ["url"],
  limits: { concurrency: 1, rate: "2/s" },
  keepsInStep: ({ onUpdate }) => (onUpdate === "edit" ? "message" : null),
  escape: (words, { path }) => (isPlain(path) ? words : escapeMarkdown(words)),

  async open({ url, threadId, allowPrivateNetwork }) {
    // The webhook's id, which is no secret, and the thread: a message is edited only where it was posted.
    const webhook = `${new URL(url).pathname.split("/").at(-2)}/${threadId ?? ""}`;

    async function send(method: "POST" | "PATCH", id: string | null, body: object, delivery: SinkDelivery) {
      const target = new URL(url);
      if (id !== null) target.pathname += `/messages/${id}`;
      // Without it Discord answers before the message is stored, and with no id.
      else target.searchParams.set("wait", "true");
      if (threadId !== undefined) target.searchParams.set("thread_id", threadId);
      const headers = { "content-type": "application/json" };
      const response = await delivery
        .fetch(target, { method, headers, body: JSON.stringify(body), allowPrivateNetwork })
        .catch((error: unknown) => {
          throw networkFailure(error) ?? error;
        });
      const json: unknown = await response.json().catch(() => null);
      if (id !== null && response.status === 404 && codeOf(json) === 10_008) return null;
      if (!response.ok) throw failure(response, json);
      const { data } = posted.safeParse(json);
      const answer = { status: response.status };
      if (data === undefined) throw new Unavailable("the answer is not a message", { ambiguous: true, answer });
      return { id: data.id, answer };
    }

    return {
      async deliver(wanted, delivery) {
        const { data: known } = remembered.safeParse(delivery.memory.get());
        if (wanted.onUpdate === "edit" && known?.webhook === webhook) {
          const edited = await send("PATCH", known.id, bodyOf(wanted), delivery);
          if (edited !== null) return edited;
        }
        const { username, avatarUrl: avatar_url } = wanted;
        const made = await send("POST", null, { ...bodyOf(wanted), username, avatar_url }, delivery);
        if (made === null) throw new Unavailable("Discord knows no such message");
        if (wanted.onUpdate === "edit") delivery.memory.set({ webhook, id: made.id });
        return { ...made, note: delivery.maybeDelivered ? "an earlier try may have arrived too" : undefined };
      },
    };
  },
});

/** As Discord has it. An edit takes away what the message no longer has, and nobody is pinged by what a stranger wrote. */
function bodyOf({ content, embeds = [] }: Pick<Message, "content" | "embeds">) {
  const boxes = embeds.map(({ title, description, url, color, fields = [], footer }) => ({
    title: fit(title, 256),
    description: fit(description, 4096),
    url: url || undefined,
    color: color ? Number.parseInt(color.slice(1), 16) : undefined,
    fields: fields.flatMap(({ name, value, inline }) =>
      fit(name, 256) && fit(value, 1024) ? [{ name: fit(name, 256), value: fit(value, 1024), inline }] : [],
    ),
    footer: fit(footer, 2048) === undefined ? undefined : { text: fit(footer, 2048) },
  }));
  const shown = boxes.filter((one) => one.title || one.description || one.footer || one.fields.length > 0);
  return { content: fit(content, 2000) ?? "", embeds: shown, allowed_mentions: { parse: [] } };
}

function isEmpty({ content, embeds }: ReturnType<typeof bodyOf>): boolean {
  return content === "" && embeds.length === 0;
}

function lengthOf({ embeds }: ReturnType<typeof bodyOf>): number {
  const texts = embeds.flatMap(({ title, description, footer, fields }) => [
    title,
    description,
    footer?.text,
    ...fields.flatMap(({ name, value }) => [name, value]),
  ]);
  return texts.reduce((sum, one) => sum + (one?.length ?? 0), 0);
}

/** A text as long as Discord takes it, and never half an escape; undefined where there is none. */
function fit(value: string | number | null | undefined, limit: number): string | undefined {
  const words = String(value ?? "").trim();
  const cut = cutText(words, limit);
  return (cut.length < words.length ? cut.replace(/(?<!\\)((?:\\\\)*)\\$/, "$1") : cut) || undefined;
}

/** Where Discord draws no Markdown, so that a \ would show. */
function isPlain(path: readonly (string | number)[]): boolean {
  return path.some((step) => ["username", "avatarUrl", "url", "color", "footer"].includes(String(step)));
}

/** A stranger's words as they are typed; links stay links, up to what could end or begin one of the author's. https://discord.com/developers/docs/reference#message-formatting */
function escapeMarkdown(words: string): string {
  const pieces = words.split(/(https?:\/\/[^\s\\[\]()<>|*]+)/);
  return pieces
    .map((piece, index) => (index % 2 === 1 ? piece : piece.replaceAll(/[\\*_~`|<>[\]]|^\s*(?=[#-])/gm, escapeOne)))
    .join("");
}

function escapeOne(sign: string): string {
  return /^\s*$/.test(sign) ? `${sign}\\` : `\\${sign}`;
}

// https://discord.com/developers/docs/topics/opcodes-and-status-codes#json and …/topics/rate-limits
function failure({ status, headers }: Response, json: unknown) {
  const { data } = failed.safeParse(json);
  const answer = { status, code: data?.code };
  if (status === 429 && data?.retry_after !== undefined)
    return new RateLimited("HTTP 429: Discord asks to wait", { retryAfter: data.retry_after, answer });
  if (status === 401 || status === 403 || status === 404)
    return new Misconfigured(`HTTP ${status}: the webhook or thread is gone or closed; make a new webhook`, { answer });
  if (status === 400 && data?.code === 50_035)
    return new Rejected(`HTTP 400: Discord refuses ${pathsOf(data.errors).join(", ") || "the message"}`, { answer });
  const retryAfter = headers.get("retry-after") ?? headers.get("x-ratelimit-reset-after");
  return httpFailure(status, { retryAfter, answer });
}

function codeOf(json: unknown): number | undefined {
  return failed.safeParse(json).data?.code;
}

/** `{ embeds: { 0: { url: { _errors: […] } } } }` is `embeds.0.url`; the sentences in `_errors` may quote values. */
function pathsOf(errors: unknown, path: readonly string[] = []): string[] {
  if (typeof errors !== "object" || errors === null) return [];
  return Object.entries(errors).flatMap(([key, inner]: [string, unknown]) =>
    key === "_errors" ? [path.join(".")] : pathsOf(inner, [...path, key]),
  );
}
