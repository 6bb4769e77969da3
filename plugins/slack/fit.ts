import { cutText } from "cal-relay/sdk";
import { plainWords, type Block } from "./blocks.ts";
import type { Message } from "./options.ts";

/** What is sent of a message: within Slack's limits. */
export interface Fitted {
  readonly text: string;
  readonly blocks: readonly Block[];
  /** What was cut, for the record; undefined where nothing was. */
  readonly note: string | undefined;
}

// In UTF-16 units, of which there are never fewer than characters. Slack cuts `text` itself only above 40,000, but longer than 4,000 it has
// been seen split into several messages: https://docs.slack.dev/reference/methods/chat.postMessage#truncating.
const TEXT = 4_000;
const SECTION = 3_000;
const FIELD = 2_000;
const HEADER = 150;
const MARK = "… (cut)";

/**
 * Leaves out what is blank, for which Slack would refuse the whole message, cuts what is too long, with a mark, and gives a message of blocks
 * alone the text that notifications show.
 */
export function fit({ text, blocks = [] }: Message): Fitted {
  const cuts = new Set<string>();
  const within = (value: string, limit: number, what: string): string => {
    if (value.length > limit) cuts.add(`${what} cut at ${limit.toLocaleString("en")} characters`);
    return cut(value, limit);
  };
  const fitted = blocks.flatMap(filledOf).map((one) => fitBlock(one, within));
  const sent = text === undefined || text.trim() === "" ? cut(plainWords(fitted), TEXT) : within(text, TEXT, "text");
  return { text: sent, blocks: fitted, note: cuts.size > 0 ? [...cuts].join(", ") : undefined };
}

/** The block without what a template had nothing to say for; none where nothing remains. */
function filledOf(block: Block): Block[] {
  switch (block.type) {
    case "header":
      return isBlank(block.text) ? [] : [block];
    case "section": {
      const { text, fields = [], ...rest } = block;
      const filled = fields.filter((field) => !isBlank(field));
      if ((text === undefined || isBlank(text)) && filled.length === 0) return [];
      return [{ ...rest, ...(text && !isBlank(text) && { text }), ...(filled.length > 0 && { fields: filled }) }];
    }
    case "context": {
      const elements = block.elements.filter((element) => !isBlank(element));
      return elements.length === 0 ? [] : [{ ...block, elements }];
    }
    default:
      return [block];
  }
}

function isBlank({ text }: Readonly<Record<string, unknown>>): boolean {
  return typeof text === "string" && text.trim() === "";
}

type Within = (value: string, limit: number, what: string) => string;

function fitBlock(block: Block, within: Within): Block {
  if (block.type === "header")
    return { ...block, text: { ...block.text, text: within(block.text.text, HEADER, "header") } };
  if (block.type !== "section") return block;
  const { text, fields } = block;
  return {
    ...block,
    ...(text && { text: { ...text, text: within(text.text, SECTION, "section") } }),
    ...(fields && { fields: fields.map((field) => ({ ...field, text: within(field.text, FIELD, "field") })) }),
  };
}

/** At most `limit` UTF-16 units, mark included; never ends inside a visible character, an entity such as `&amp;` or a `<…|…>` link. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const room = limit - MARK.length;
  let end = cutText(text, room).length;
  for (const { index, 0: whole } of text.matchAll(/&(?:amp|lt|gt);|<[^<>]*>/g))
    if (index < end && end < index + whole.length) end = index;
  return text.slice(0, end).trimEnd() + MARK;
}
