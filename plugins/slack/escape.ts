import type { Place } from "cal-relay/sdk";

/**
 * Makes what a template puts out harmless where Slack parses text: the message's `text` and every text object, so that a stranger's
 * `<!channel>` notifies nobody and a link cannot be faked. Slack asks for the same three entities in all text objects, plain_text included
 * (https://docs.slack.dev/messaging/formatting-message-text#escaping), and keeps plain_text in that form itself: slackapi/bolt-python#513.
 * URLs, ids, values and alternative texts are not parsed and stay as they are.
 */
export function escape(text: string, place: Place): string {
  return place.path.at(-1) === "text" && !isLiteral(place.parent) ? entities(text) : text;
}

/** The three characters Slack parses, and no others: anything else encoded would show as it is. */
export function entities(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Rich text and table cells carry their text literally: it is never parsed, and an entity would show. */
export function isLiteral(holder: unknown): boolean {
  if (typeof holder !== "object" || holder === null || !("type" in holder)) return false;
  return holder.type === "text" || holder.type === "raw_text";
}
