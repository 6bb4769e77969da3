import { z } from "zod";
import { entities, isLiteral } from "./escape.ts";

// What Slack documents and refuses with `invalid_blocks`: https://docs.slack.dev/reference/block-kit/blocks. Keys that are not named here
// pass as they are. Lengths of texts are no matter of the schema: `fit` cuts what a template overfills, so that a long answer costs its
// tail and not the whole message.

const KIND = "the kind of block";

const blockId = z
  .string()
  .max(255, "expected at most 255 characters")
  .optional()
  .describe("unique in the message; at most 255 characters");

/** Blank where a template has nothing to say: `fit` leaves it out. */
const words = z
  .string()
  .nullable()
  .transform((text) => text ?? "");

const textObject = z
  .looseObject({
    type: z.enum(["mrkdwn", "plain_text"]).describe("mrkdwn or plain_text"),
    text: words.describe("the text itself"),
  })
  .describe("a text object");

const plainText = z
  .looseObject({
    type: z.literal("plain_text").describe("headers are plain text only"),
    text: words.describe("the text"),
  })
  .describe("a plain_text object");

const section = z
  .looseObject({
    type: z.literal("section").describe(KIND),
    block_id: blockId,
    text: textObject.optional(),
    fields: z
      .array(textObject)
      .min(1, "expected at least one field")
      .max(10, "expected at most 10 fields")
      .optional()
      .describe("up to 10 short texts in two columns"),
  })
  .refine(({ text, fields }) => text !== undefined || fields !== undefined, {
    error: "expected text, fields or both",
    path: ["text"],
  });

const header = z.looseObject({ type: z.literal("header").describe(KIND), block_id: blockId, text: plainText });

const context = z.looseObject({
  type: z.literal("context").describe(KIND),
  block_id: blockId,
  elements: z
    .array(
      z.union(
        [textObject, z.looseObject({ type: z.literal("image").describe("an image") })],
        "expected a text object or an image",
      ),
    )
    .min(1, "expected at least one element")
    .max(10, "expected at most 10 elements")
    .describe("up to 10 small texts and images"),
});

const other = z.looseObject({
  type: z
    .enum([
      "actions",
      "alert",
      "card",
      "carousel",
      "container",
      "context_actions",
      "data_table",
      "divider",
      "file",
      "image",
      "input",
      "markdown",
      "plan",
      "rich_text",
      "table",
      "task_card",
      "video",
    ])
    .describe(KIND),
  block_id: blockId,
});

export const block = z
  .discriminatedUnion("type", [section, header, context, other], {
    error: ({ code }) =>
      code === "invalid_union" ? "expected a type of block that Slack knows, such as section" : undefined,
  })
  .describe("a Block Kit block");

export type Block = z.output<typeof block>;

/** The words of the blocks, a line each, for where Slack cannot show blocks; empty where they have none. Safe as mrkdwn. */
export function plainWords(blocks: readonly unknown[]): string {
  return [...lines(blocks)].filter((line) => line.trim() !== "").join("\n");
}

function* lines(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) yield* lines(item);
    return;
  }
  const part: { type?: unknown; text?: unknown; alt_text?: unknown; elements?: unknown } = value;
  if (typeof part.type === "string" && RUNNING_TEXT.has(part.type)) {
    yield [...lines(part.elements)].join("");
    return;
  }
  if (typeof part.text === "string") yield isLiteral(part) ? entities(part.text) : part.text;
  if (typeof part.alt_text === "string") yield entities(part.alt_text);
  for (const child of Object.values(part)) yield* lines(child);
}

/** Rich text whose elements stand on one line. */
const RUNNING_TEXT = new Set(["rich_text_section", "rich_text_quote", "rich_text_preformatted"]);
