import type { BlockObjectRequest } from "@notionhq/client";
import { cutText, Rejected } from "cal-relay/sdk";
import { toBlocks, type Block } from "./blocks.ts";

export interface Body {
  /** What goes into one request each, in order. */
  readonly batches: BlockObjectRequest[][];
  readonly notes: readonly string[];
}

/** https://developers.notion.com/reference/request-limits; the bytes stay well under 500 KB, for the properties share the first request. */
const REQUEST = { blocks: 100, elements: 1_000, bytes: 250_000 };
const MOST_BLOCKS = 1_000;

/** Notion takes blocks with two levels of children in one request, each with at most 100. */
const LEVELS = 2;
const CHILDREN = 100;

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

/** The blocks as one request takes them: what lies too deep, or past the hundredth child, follows its parent instead of lying in it. */
function fitLevels(blocks: readonly Block[]): Block[] {
  return blocks.flatMap((block) => fit(block, LEVELS));
}

function fit(block: Block, levels: number): Block[] {
  if (block.type === "table") return levels === 0 ? rowsAsText(block) : tables(block);
  if (levels === 0) return [{ ...block, children: [] }, ...block.children.flatMap((child) => fit(child, 0))];
  const children = block.children.flatMap((child) => fit(child, levels - 1));
  return [{ ...block, children: children.slice(0, CHILDREN) }, ...children.slice(CHILDREN)];
}

function tables(table: Block): Block[] {
  const found: Block[] = [];
  for (let start = 0; start < table.children.length; start += CHILDREN)
    found.push({
      ...table,
      content: { ...table.content, has_column_header: start === 0 },
      children: table.children.slice(start, start + CHILDREN),
    });
  return found;
}

/** A table's rows are children themselves, so where no child may be, it is told in lines. */
function rowsAsText({ children }: Block): Block[] {
  return children.map(({ cells = [] }) => ({
    type: "paragraph",
    content: { rich_text: cells.flatMap((cell, at) => (at === 0 ? cell : [{ text: { content: " | " } }, ...cell])) },
    children: [],
  }));
}
