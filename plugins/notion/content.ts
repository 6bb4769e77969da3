import type { BlockObjectRequest } from "@notionhq/client";
import { cutText, Rejected } from "cal-relay/sdk";
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

/** The library reads 20,000 characters in a quarter of a second, and some in much longer, while everything else has to wait. */
const MOST_CHARACTERS = 30_000;

/**
 * Markdown as blocks, parted into requests that Notion takes. The Markdown library is loaded when the first page has a body. Throws
 * `Rejected` where the Markdown cannot be read.
 */
export async function toBody(markdown: string): Promise<Body> {
  if (markdown.trim() === "") return { batches: [], notes: [] };
  const notes = new Set<string>();
  const text = cutText(markdown, MOST_CHARACTERS);
  if (text.length < markdown.length) notes.add(`body cut after ${MOST_CHARACTERS} characters`);
  const cut = (): void => void notes.add("a paragraph of the body cut after 100 pieces of text");
  const blocks = fitLevels(toBlocks(await read(text), cut));
  if (blocks.length > MOST_BLOCKS) notes.add(`body cut after ${MOST_BLOCKS} blocks`);
  return { batches: batches(blocks.slice(0, MOST_BLOCKS)), notes: [...notes] };
}

async function read(markdown: string): Promise<unknown[]> {
  const { markdownToBlocks } = await import("@tryfabric/martian");
  // The library drops a hard line break and so joins two words; a plain one is kept, and Notion shows it as one.
  const plain = markdown.replaceAll(/[ \t]+$/gm, "");
  try {
    return markdownToBlocks(plain, { notionLimits: { truncate: false } });
  } catch (error) {
    // Thousands of nested quotes, for example, are deeper than the call stack.
    throw new Rejected("content cannot be read as Markdown", { cause: error });
  }
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
