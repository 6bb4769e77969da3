import { z } from "zod";
import { block } from "./blocks.ts";

export const connection = z.strictObject({
  token: z
    .string()
    .regex(/^xox[a-z](\.xox[a-z])?-\S+$/, 'expected a bot token "xoxb-…" or a user token "xoxp-…"')
    .describe("the app's token, from api.slack.com/apps → OAuth & Permissions: xoxb-… (bot) or xoxp-… (user)"),
  apiUrl: z
    .url({ protocol: /^https?$/, error: "expected an http or https URL" })
    .optional()
    .describe("where Slack's Web API answers, for a proxy or a stand-in; default https://slack.com/api/"),
});

export const message = z
  .strictObject({
    channel: z
      .string()
      .regex(/^([#@]\S{1,80}|[CDGUW][A-Z0-9]{6,})$/, 'expected "#name", "@user" or an id')
      .describe("where it is posted: #name, @user or an id such as C0123456789; ids survive a renaming"),
    text: z
      .string()
      .optional()
      .describe("the message in Slack's mrkdwn; beside blocks, what notifications and screen readers show"),
    blocks: z
      .array(block)
      .max(50, "expected at most 50 blocks")
      .optional()
      .describe("Block Kit blocks, as Slack documents them; at most 50"),
    onUpdate: z
      .enum(["new", "thread", "edit"])
      .default("new")
      .describe(
        "what later events of the same booking do: post a new message, reply in the first one's thread, or edit the first one",
      ),
    unfurl: z.boolean().default(false).describe("let Slack add previews of links and media"),
    username: z.string().optional().describe("the name shown instead of the app's; needs chat:write.customize"),
    icon: z
      .string()
      .regex(
        /^(:[^\s:]+(::[^\s:]+)?:|https?:\/\/[^\s/]+\S*)$/,
        'expected an emoji such as ":calendar:" or the URL of an image',
      )
      .optional()
      .describe("an emoji such as :calendar: or the URL of an image; needs chat:write.customize"),
  })
  .refine(({ text, blocks }) => (text ?? "").trim() !== "" || (blocks ?? []).length > 0, {
    error: "expected a text, blocks or both",
    path: ["text"],
  });

export type Connection = z.output<typeof connection>;
export type Message = z.output<typeof message>;
