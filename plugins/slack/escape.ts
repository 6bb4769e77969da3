import type { Place } from "cal-relay/sdk";

/**
 * Makes what a template puts out harmless where Slack parses text: the message's `text` and every text object, so that a stranger's
 * `<!channel>` notifies nobody and a link cannot be faked. Slack asks for the same three entities in all text objects, plain_text included
 * (https://docs.slack.dev/messaging/formatting-message-text#escaping), and keeps plain_text in that form itself: slackapi/bolt-python#513.
 * What is known not to be parsed stays as it is; anything else, such as a whole structure out of one `{{ }}`, is escaped.
 */
export function escape(text: string, { path, parent }: Pick<Place, "path" | "parent">): string {
  const key = path.at(-1);
  const isParsed = typeof key !== "string" || !NOT_PARSED.test(key);
  return isParsed && !isLiteral(parent) ? entities(text) : text;
}

/** Keys of a message and of Block Kit that hold names, ids, addresses and alternative texts. */
const NOT_PARSED = /^(channel|username|icon|type|style|value|alt_text|(\w+_)?(url|id))$/;

/** The three characters Slack parses, and no others: anything else encoded would show as it is. */
export function entities(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The elements of rich text and the cells of tables carry their text literally: it is never parsed, and an entity would show. */
export function isLiteral(holder: unknown): boolean {
  if (typeof holder !== "object" || holder === null || !("type" in holder)) return false;
  return holder.type === "text" || holder.type === "link" || holder.type === "raw_text";
}
