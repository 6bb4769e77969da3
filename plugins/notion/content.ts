import type { BlockObjectRequest } from "@notionhq/client";
import { toBlocks, type Block } from "./blocks.ts";
import { fitLevels } from "./levels.ts";

export interface Body {
  /** What goes into one request each, in order. */
  readonly batches: BlockObjectRequest[][];
  readonly notes: readonly string[];
}

/** https://developers.notion.com/reference/request-limits; the bytes stay well under 500 KB, for the properties share the first request. */
const REQUEST = { blocks: 100, elements: 1_000, bytes: 250_000 };
const MOST_BLOCKS = 1_000;

/** Markdown as blocks, parted into requests that Notion takes. The Markdown library is loaded when the first page has a body. */
export async function toBody(markdown: string): Promise<Body> {
  if (markdown.trim() === "") return { batches: [], notes: [] };
  const { markdownToBlocks } = await import("@tryfabric/martian");
  const notes = new Set<string>();
  const cut = (): void => void notes.add("a paragraph of the body cut after 100 pieces of text");
  const blocks = fitLevels(toBlocks(markdownToBlocks(prepare(markdown), { notionLimits: { truncate: false } }), cut));
  if (blocks.length > MOST_BLOCKS) notes.add(`body cut after ${MOST_BLOCKS} blocks`);
  return { batches: batches(blocks.slice(0, MOST_BLOCKS)), notes: [...notes] };
}

/** The library drops a hard line break and so joins two words; a plain line break is kept, and Notion shows it as one. */
function prepare(markdown: string): string {
  return markdown.replaceAll(/[ \t]+$/gm, "");
}

function batches(blocks: readonly Block[]): BlockObjectRequest[][] {
  const found: BlockObjectRequest[][] = [];
  let room = { blocks: 0, elements: 0, bytes: 0 };
  for (const block of blocks) {
    const request = toRequest(block);
    const size = { elements: elements(block), bytes: Buffer.byteLength(JSON.stringify(request)) };
    const current = found.at(-1);
    if (current === undefined || room.blocks < 1 || room.elements < size.elements || room.bytes < size.bytes) {
      found.push([request]);
      room = {
        blocks: REQUEST.blocks - 1,
        elements: REQUEST.elements - size.elements,
        bytes: REQUEST.bytes - size.bytes,
      };
    } else {
      current.push(request);
      room = { blocks: room.blocks - 1, elements: room.elements - size.elements, bytes: room.bytes - size.bytes };
    }
  }
  return found;
}

function elements({ children }: Block): number {
  return children.reduce((sum, child) => sum + elements(child), 1);
}

function toRequest({ type, content, children }: Block): BlockObjectRequest {
  const body = children.length === 0 ? content : { ...content, children: children.map(toRequest) };
  // `blocks.ts` built `content` for this very type.
  return { type, [type]: body } as unknown as BlockObjectRequest;
}
