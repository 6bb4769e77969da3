import { hash } from "node:crypto";

/** Room for it, beside others, in an index entry: https://www.postgresql.org/docs/current/btree.html (a third of a page). */
const MOST_BYTES = 600;
const HEAD = 100;

/** Text as PostgreSQL takes it: it cannot hold NUL. For what people read. */
export function plain(text: string): string {
  return text.replaceAll("\0", "\u2400");
}

/** The same for what is looked up: any length fits, two that differ stay different. */
export function indexed(text: string): string {
  const stored = plain(text);
  if (stored === text && Buffer.byteLength(text) <= MOST_BYTES) return text;
  return `${stored.slice(0, HEAD)}#${hash("sha256", text)}`;
}
