import { cutText } from "cal-relay/sdk";

/** https://developers.notion.com/reference/request-limits */
const ITEM_LENGTH = 2_000;
const ITEMS = 100;

/** The text in pieces of at most 2,000 UTF-16 units, none of which ends within a character. Half characters become U+FFFD. */
export function pieces(text: string): string[] {
  const found: string[] = [];
  for (let rest = text.toWellFormed(); rest !== "";) {
    const piece = cutText(rest, ITEM_LENGTH);
    found.push(piece);
    rest = rest.slice(piece.length);
  }
  return found;
}

/** As many rich-text items as Notion takes in one list. `cut` is called where there were more. */
export function capItems<T>(items: readonly T[], cut: () => void): T[] {
  if (items.length > ITEMS) cut();
  return items.slice(0, ITEMS);
}
