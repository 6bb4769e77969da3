import type { Block } from "./blocks.ts";

/** Notion takes blocks with two levels of children in one request, each with at most 100. */
const LEVELS = 2;
const CHILDREN = 100;

/** The blocks as one request takes them: what lies too deep, or past the hundredth child, follows its parent instead of lying in it. */
export function fitLevels(blocks: readonly Block[]): Block[] {
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
