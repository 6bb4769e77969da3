const characters = new Intl.Segmenter();

/** How far past the cut is looked: longer than any character that people type. */
const LOOK_AHEAD = 64;

/**
 * The beginning of a text in at most `limit` UTF-16 units, what `length` counts. Never ends inside a visible character, such as a flag, an
 * emoji of several parts or a letter with its accents.
 */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = characters.segment(text.slice(0, limit + LOOK_AHEAD)).containing(limit)?.index ?? limit;
  if (end > 0) return text.slice(0, end);
  // One character is longer than the limit: a letter under a thousand accents. Its first code points are kept.
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}
