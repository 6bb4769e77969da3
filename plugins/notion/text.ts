/** https://developers.notion.com/reference/request-limits */
const ITEM_LENGTH = 2_000;
const ITEMS = 100;

/** The text in pieces of at most 2,000 UTF-16 units, none of which ends within a character. Half characters become U+FFFD. */
export function pieces(given: string): string[] {
  const text = given.toWellFormed();
  const found: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = Math.min(start + ITEM_LENGTH, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    found.push(text.slice(start, end));
    start = end;
  }
  return found;
}

/** As many rich-text items as Notion takes in one list. `cut` is called where there were more. */
export function capItems<T>(items: readonly T[], cut: () => void): T[] {
  if (items.length > ITEMS) cut();
  return items.slice(0, ITEMS);
}
