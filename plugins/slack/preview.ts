import { plainWords, type Block } from "./blocks.ts";
import { fit } from "./fit.ts";
import type { Message } from "./options.ts";

const HOW = {
  new: "a new message each time",
  thread: "in the booking's thread",
  edit: "edits the booking's message",
} as const satisfies Record<Message["onUpdate"], string>;

const DIVIDER = "─".repeat(40);
/** Wider fields stand below each other, as on a narrow screen. */
const COLUMN = 44;

/** The message as people would see it: its mrkdwn as it is, its blocks in lines, and where to look at them as Slack draws them. */
export function preview(message: Message): string {
  const { channel, onUpdate, username, icon } = message;
  const { text, blocks, note } = fit(message);
  const as = [username, icon].filter((one) => one !== undefined).join(" ");
  const head = [`${channel}, ${HOW[onUpdate]}`, ...(as === "" ? [] : [`as ${as}`])];
  const foot = note === undefined ? [] : ["", `(${note})`];
  if (blocks.length === 0) return [...head, "", shown(text), ...foot].join("\n");
  const drawn = blocks.map((block) => shown(drawBlock(block))).join("\n");
  const builder = `https://app.slack.com/block-kit-builder#${encodeURIComponent(JSON.stringify({ blocks }))}`;
  // Without a text of its own a message is notified with the words of its blocks, which stand there already.
  const isTold = (message.text ?? "").trim() !== "";
  const told = isTold ? ["", `notified as  ${shown(text).replaceAll(/\s+/g, " ").trim()}`] : [];
  return [...head, "", drawn, ...told, ...foot, "", builder].join("\n");
}

/** What Slack keeps as an entity shows as its character. */
function shown(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function drawBlock(block: Block): string {
  switch (block.type) {
    case "header":
      return `# ${block.text.text}`;
    case "section": {
      const { text, fields = [], accessory } = block;
      const words = [text?.text ?? "", drawElement(accessory)].filter((one) => one !== "");
      return [...words, ...drawFields(fields.map((field) => field.text))].join("\n");
    }
    case "context":
      return block.elements.map(drawElement).join("  ");
    case "divider":
      return DIVIDER;
    case "actions":
      return listOf(block["elements"]).map(drawElement).join("  ");
    case "image":
      return [wordsOf(block["title"]), drawElement(block)].filter((one) => one !== "").join("\n");
    case "markdown":
      return wordsOf(block);
    case "table":
      return listOf(block["rows"])
        .map((row) =>
          listOf(row)
            .map((cell) => plainWords([cell]))
            .join(" | "),
        )
        .join("\n");
    default:
      return plainWords([block]);
  }
}

/** Two columns, as Slack has them; a field of several lines stays in its own. */
function drawFields(fields: readonly string[]): string[] {
  const cells = fields.map((field) => field.split("\n"));
  const width = Math.max(0, ...cells.flat().map((line) => Array.from(shown(line)).length));
  if (width > COLUMN || fields.length === 1) return [...fields];
  const lines: string[] = [];
  for (let at = 0; at < cells.length; at += 2) {
    const [left = [], right = []] = cells.slice(at, at + 2);
    for (let row = 0; row < Math.max(left.length, right.length); row++)
      lines.push(pad(left[row] ?? "", width + 2, right[row] ?? ""));
  }
  return lines;
}

function pad(left: string, width: number, right: string): string {
  return `${left}${" ".repeat(width - Array.from(shown(left)).length)}${right}`.trimEnd();
}

/** One of a block's elements, or its accessory: `[Button](url)`, `(image: what it shows)`, or its words. */
function drawElement(element: unknown): string {
  if (typeof element !== "object" || element === null) return "";
  const part: { type?: unknown; url?: unknown; alt_text?: unknown; placeholder?: unknown } = element;
  if (part.type === "image") return `(image: ${typeof part.alt_text === "string" ? part.alt_text : "no words for it"})`;
  const words = wordsOf(element) || wordsOf(part.placeholder);
  if (part.type === "mrkdwn" || part.type === "plain_text") return words;
  return typeof part.url === "string" ? `[${words}](${part.url})` : `[${words || String(part.type)}]`;
}

/** The text of a text object, or of what has one. */
function wordsOf(value: unknown): string {
  if (typeof value !== "object" || value === null || !("text" in value)) return "";
  return typeof value.text === "string" ? value.text : wordsOf(value.text);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
